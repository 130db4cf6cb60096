import { randomUUID } from 'node:crypto'

/** A file to begin with, with ids of its own. */
export function firstFile(): string {
  return `# docker-broker schema > broker.schema.json lets editors help with this file:
# yaml-language-server: $schema=./broker.schema.json
name: docker-broker # on all that it makes; never change it
listen: { host: 127.0.0.1, port: 8080 }
login: { username: platform, password: '\${OSB_PASSWORD}' } # or passwordFile: a file
store: { sqlite: ./broker.db }
encryptionKey: '\${OSB_ENCRYPTION_KEY}' # 32 bytes; openssl rand -base64 32
engine:
  kind: docker
  ports: { first: 20000, last: 29999 }
offerings:
  - recipe: postgresql
    image: postgres:17
    id: ${randomUUID()}
    name: postgresql
    description: A PostgreSQL server with one database
    tags: [postgresql, sql]
    quota: { instances: 50 }
    plans:
      - id: ${randomUUID()}
        name: small
        description: 512 MB, 50 connections
        memoryMb: 512
        cpus: 0.5
        connections: 50
      - id: ${randomUUID()}
        name: large
        description: 2 GB, 200 connections
        memoryMb: 2048
        cpus: 2
        connections: 200
`
}
