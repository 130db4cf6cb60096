import { compareCatalogs } from 'osb-protocol/catalog'
import { catalogSourceDetails, readCheckedCatalog } from '../catalog-source.js'
import { showFindings, strictOption } from '../findings.js'
import { defineVerb } from '../verb.js'

export const verb = defineVerb({
  arguments: 'OLD NEW',
  options: strictOption,
  details: `Says what a new catalog does to instances, bindings and scripts of the old one. OLD and NEW are sources.\n${catalogSourceDetails}`,
  example: 'osb diff catalog.json http://127.0.0.1:8080',
  async run(context) {
    const [old, now] = context.args
    const before = await readCheckedCatalog(context, old)
    const after = await readCheckedCatalog(context, now)
    return showFindings(context, compareCatalogs(before, after))
  },
})
