import { accessOptions, changeAccess } from '../change-access.js'
import { defineVerb } from '../verb.js'

export const verb = defineVerb({
  arguments: 'OFFERING',
  options: accessOptions,
  example: 'osb enable-service-access collector -p normal',
  run: (context) => changeAccess(context, 'enable'),
})
