import { lintCatalog } from 'osb-protocol/catalog'
import { catalogSourceDetails, readCatalogSource } from '../catalog-source.js'
import { showFindings, strictOption } from '../findings.js'
import { defineVerb } from '../verb.js'

export const verb = defineVerb({
  arguments: '[SOURCE]',
  options: strictOption,
  details: `Judges a catalog by the rules of the specification (MUST, SHOULD), of Cloud Controller and Service Manager.\n${catalogSourceDetails}`,
  example: 'osb lint http://127.0.0.1:8080\nosb lint catalog.json --strict',
  async run(context) {
    return showFindings(context, lintCatalog(await readCatalogSource(context, context.args[0])))
  },
})
