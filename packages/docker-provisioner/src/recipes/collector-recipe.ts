import { nodeImage } from '../images/node-image.js'
import { http } from '../ready/http.js'
import { containerRecipe } from './container-recipe.js'
import type { Recipe } from './recipe.js'

export interface CollectorRecipeOptions {
  /** The folder of the collector's program, `examples/collector-service` of this project. */
  readonly folder: string
}

/**
 * The collector: a small REST service that stores records. Runs on every engine; its image is made from local files.
 * Credentials: `uri`, `username`, `password`, `host`, `port`; each binding has a login of its own.
 * @example dockerOffering(collectorRecipe({ folder }), { engine, id, name: 'collector', plans: [normal], … })
 */
export function collectorRecipe({ folder }: CollectorRecipeOptions): Recipe<'normal' | 'large'> {
  return containerRecipe({
    name: 'collector',
    image: nodeImage({ name: 'collector', folder, include: ['package.json', 'src'] }),
    ports: { http: 8080 },
    volumes: { data: '/data' },
    command: ['node', 'src/server.js'],
    env: { HOST: '{{listen.host}}', PORT: '{{listen.ports.http}}', DATA_DIR: '{{volumes.data}}' },
    embedded: { folder },
    ready: http('http', '/health'),
    plans: { normal: { memoryMb: 256, cpus: 1, pids: 64 }, large: { memoryMb: 1024, cpus: 2, pids: 64 } },
    bind: { command: ['node', 'src/users.js', 'add', '{{username}}'], stdin: '{{password}}' },
    unbind: { command: ['node', 'src/users.js', 'remove', '{{username}}'] },
    credentials: {
      uri: 'http://{{host}}:{{ports.http}}/collector/api/v1.0/',
      username: '{{username}}',
      password: '{{password}}',
      host: '{{host}}',
      port: '{{ports.http}}',
    },
  })
}
