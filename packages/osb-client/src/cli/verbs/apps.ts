import { presentApp } from '../present.js'
import { readState } from '../read-state.js'
import { formatTable } from '../table.js'
import { defineVerb } from '../verb.js'

export const verb = defineVerb({
  arguments: '',
  options: {},
  details: 'An app exists from its first bind-service or run.',
  example: 'osb apps',
  async run(context) {
    const state = readState(context)
    const own = state.apps.filter(({ space_guid }) => space_guid === state.target.space_guid)
    const apps = own.map((app) => presentApp(state, app))
    const rows = apps.map(({ name, instances, guid }) => [name, instances.join(', '), guid])
    return {
      json: { apps },
      text: rows.length === 0 ? 'No apps found\n' : formatTable(['name', 'services', 'guid'], rows, context.stdout),
    }
  },
})
