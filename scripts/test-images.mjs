// `npm run test:images [-- NAME …]`: makes the images that tests on a Docker engine run, from Debian packages, since a
// registry may not be reachable. An image that is there with the same content is left alone. Needs Debian's apt-get and
// dpkg-deb, a Docker engine and the docker client. `-- --official` runs the recipes' tests on the official images instead,
// where a registry answers.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildImage, hashOf, importBase, isThere, referenceOf } from './test-images/build-image.mjs'
import { IMAGES } from './test-images/definitions.mjs'
import { testOfficial } from './test-images/official.mjs'
import { debianPackages } from './test-images/packages.mjs'

const BASE_PACKAGES = ['busybox-static', 'libc6', 'tzdata']

/** Changes of how images are made make new ones, too. */
async function recipeHash() {
  const files = ['definitions.mjs', 'build-image.mjs', 'packages.mjs']
  const folder = fileURLToPath(new URL('test-images/', import.meta.url))
  return hashOf(await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8'))))
}

/** @param {readonly string[]} wanted */
async function main(wanted) {
  const unknown = wanted.filter((name) => !IMAGES.some((image) => image.name === name))
  if (unknown.length > 0) {
    throw new Error(`No such image: ${unknown.join(', ')}. There are: ${IMAGES.map(({ name }) => name).join(', ')}`)
  }
  const images = IMAGES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
  const folder = await mkdtemp(join(tmpdir(), 'osb-images-'))
  try {
    const packages = debianPackages(folder)
    await packages.prepare()
    const how = await recipeHash()
    /** @type {Map<string, string[]>} */
    const closures = new Map()
    for (const { name, packages: names } of IMAGES) closures.set(name, await packages.closure(names))
    const base = new Set([...(await packages.closure(BASE_PACKAGES)), ...inSeveral([...closures.values()])])
    const baseContent = hashOf([how, [...base].sort((a, b) => (a < b ? -1 : 1))])

    if (!(await isThere('base', baseContent))) {
      await packages.download([...BASE_PACKAGES, ...IMAGES.flatMap((image) => image.packages)])
      const root = join(folder, 'base')
      await packages.extract([...base], root)
      await importBase(root, baseContent)
      console.log(`made ${referenceOf('base')}`)
    }
    for (const image of images) {
      const own = (closures.get(image.name) ?? []).filter((file) => !base.has(file))
      const content = hashOf([baseContent, image, own])
      if (await isThere(image.name, content)) {
        console.log(`${referenceOf(image.name)} is there`)
        continue
      }
      await packages.download(image.packages)
      await packages.extract(own, join(folder, image.name, 'rootfs'))
      await buildImage(image, join(folder, image.name), content)
      console.log(`made ${referenceOf(image.name)}`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** @param {readonly (readonly string[])[]} closures */
function inSeveral(closures) {
  const seen = new Set()
  const several = new Set()
  for (const file of closures.flat()) (seen.has(file) ? several : seen).add(file)
  return several
}

const args = process.argv.slice(2)
if (args.includes('--official')) process.exitCode = await testOfficial()
else await main(args)
