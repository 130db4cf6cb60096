import { sendRaw } from '../send-raw.js'
import { defineVerb } from '../verb.js'

export const verb = defineVerb({
  arguments: 'PATH',
  options: {
    request: { type: 'string', short: 'X', value: 'METHOD', help: 'default: GET, and POST with -d' },
    data: { type: 'string', short: 'd', value: 'BODY|@FILE', help: 'the body' },
    header: { type: 'string', short: 'H', value: 'NAME: VALUE', multiple: true, help: 'a header; may be repeated' },
    broker: { type: 'string', short: 'b', value: 'BROKER', help: 'the broker to send to, where there are several' },
    include: { type: 'boolean', short: 'i', help: 'print status and headers before the body' },
  },
  details:
    'Sends one request to the broker, with its login and the headers of the protocol, and prints the answer as it is.\nIt may hold secrets.',
  example: `osb curl /v2/catalog\nosb curl /v2/service_instances/GUID -X DELETE -b collector`,
  run: sendRaw,
})
