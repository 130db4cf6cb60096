// The arrows between the packages. A rule's comment says what to do instead.
const { readdirSync } = require('node:fs')

// What stands beside the sources for tests alone may import what only tests need.
const TESTS = String.raw`\.test(-d)?\.ts$|^packages/[^/]+/(test|bench)/|\.config\.ts$`
const PRODUCT = { path: '^packages/[^/]+/src/', pathNot: TESTS }

/** The sources of one package, without their tests. */
const sourcesOf = (name) => ({ path: `^packages/${name}/src/`, pathNot: TESTS })

/** An installed package, whose types may come from @types. */
const installed = (name) => `^node_modules/(@types/)?${name}/`

/** A package that imports its own files and nothing else but what `exceptions` name. */
const onlyImports = (name, comment, { pathNot = [], ...exceptions }) => ({
  name: `arrows-${name}`,
  severity: 'error',
  comment,
  from: sourcesOf(name),
  to: { pathNot: [`^packages/${name}/`, ...pathNot], ...exceptions },
})

/** Every workspace package but the given ones. */
const otherPackages = (...allowed) =>
  readdirSync('packages')
    .filter((name) => !allowed.includes(name))
    .map((name) => `^packages/${name}/`)

const arrows = [
  onlyImports('osb-protocol', 'osb-protocol is the wire as data: zod and nothing else, no I/O.', {
    pathNot: [installed('zod')],
  }),
  onlyImports('vcap-services', 'vcap-services has no runtime dependency at all.', { dependencyTypesNot: ['core'] }),
  {
    name: 'arrows-osb-server',
    severity: 'error',
    comment: 'osb-server stands on osb-protocol; tests alone may use osb-client.',
    from: sourcesOf('osb-server'),
    to: { path: otherPackages('osb-server', 'osb-protocol') },
  },
  {
    name: 'arrows-osb-client',
    severity: 'error',
    comment: 'osb-client stands on osb-protocol; tests alone may use osb-server.',
    from: sourcesOf('osb-client'),
    to: { path: otherPackages('osb-client', 'osb-protocol', 'vcap-services') },
  },
  {
    name: 'arrows-osb-client-platform',
    severity: 'error',
    comment:
      'Only the platform, and what judges as one, composes what apps get; the client of a broker has no use for vcap-services.',
    from: {
      ...sourcesOf('osb-client'),
      pathNot: [TESTS, '^packages/osb-client/src/(platform|cli|conformance/platforms)/'],
    },
    to: { path: '^packages/vcap-services/' },
  },
  {
    name: 'arrows-docker-provisioner',
    severity: 'error',
    comment: 'docker-provisioner stands on osb-server and osb-protocol.',
    from: sourcesOf('docker-provisioner'),
    to: { path: otherPackages('docker-provisioner', 'osb-server', 'osb-protocol') },
  },
]

const fewHands = [
  {
    name: 'undici-in-transport-only',
    severity: 'error',
    comment: 'Only osb-client/src/transport knows how requests travel.',
    from: { path: PRODUCT.path, pathNot: [TESTS, '^packages/osb-client/src/transport/'] },
    to: { path: installed('undici') },
  },
  {
    name: 'dockerode-in-one-file',
    severity: 'error',
    comment: 'One file of docker-provisioner speaks to Docker; everything else goes through the engine interface.',
    module: { path: installed('dockerode'), numberOfDependentsMoreThan: 1 },
    from: sourcesOf('docker-provisioner'),
  },
  {
    name: 'dockerode-in-docker-provisioner-only',
    severity: 'error',
    comment: 'Only docker-provisioner speaks to Docker.',
    from: { path: '^packages/', pathNot: '^packages/docker-provisioner/' },
    to: { path: installed('dockerode') },
  },
]

const publicEntriesOnly = [
  {
    name: 'no-reach-into-a-sibling',
    severity: 'error',
    comment: 'Import another package by its name; a path into its folder passes by its `exports`.',
    from: { path: '^packages/([^/]+)/' },
    to: {
      path: '^packages/',
      pathNot: '^packages/$1/',
      dependencyTypes: ['local'],
      dependencyTypesNot: ['aliased-workspace'],
    },
  },
  {
    name: 'no-reach-into-a-package',
    severity: 'error',
    comment: 'Examples, scripts and tests of the workspace use the packages as their users do: by public entries.',
    from: { path: '^(examples|scripts|test)/' },
    to: { path: '^packages/', dependencyTypes: ['local'], dependencyTypesNot: ['aliased-workspace'] },
  },
  {
    name: 'no-unresolvable',
    severity: 'error',
    comment: 'Not there, or not an entry of `exports`.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-test-code-in-products',
    severity: 'error',
    comment: 'Test code is not packed.',
    from: PRODUCT,
    to: { path: TESTS },
  },
  {
    name: 'declared-dependencies-only',
    severity: 'error',
    comment: "Declare it in the package's own dependencies or peerDependencies: users get nothing else.",
    from: PRODUCT,
    to: {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
      dependencyTypesNot: ['npm', 'npm-peer'],
    },
  },
  {
    name: 'no-cycles',
    severity: 'error',
    comment: 'Files that need each other are one subject, or a third file is missing.',
    from: {},
    to: { circular: true },
  },
]

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...arrows, ...fewHands, ...publicEntriesOnly],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/[^/]+/(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@osb/source', 'import', 'node', 'default', 'types'],
    },
  },
}
