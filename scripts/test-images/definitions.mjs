// What the images for tests are made of. They stand in for the official images where no registry can be reached.

/**
 * @typedef {object} ImageDefinition
 * @property {string} name last part of the reference `osb-test/NAME:debian`
 * @property {readonly string[]} packages Debian packages; what they depend on comes with them
 * @property {string} user name of the account 999, as in the official image
 * @property {string} path folders of programs that come before the usual ones
 * @property {readonly string[]} clients programs that the recipes call; each gets a wrapper that records its calls
 * @property {readonly string[]} [remove] paths that are not needed
 */

/** Needed by maintainer scripts only, which are never run, or too big for what they are used for. */
export const NOT_TAKEN =
  /^(perl|libperl|perl-modules|perl-base|python3|libpython3|debconf|dpkg|adduser|passwd|ucf|lsb-base|init-system-helpers|usrmerge|libllvm|libz3|openssl|logrotate|iproute2|libdbi-perl|libdbd|postgresql-client-common|postgresql-common|galera|mime-support|media-types|tar|sensible-utils|ssl-cert)/

/** @type {readonly ImageDefinition[]} */
export const IMAGES = [
  {
    name: 'redis',
    packages: ['redis-server'],
    user: 'redis',
    path: '',
    clients: ['redis-cli'],
  },
  {
    name: 'postgresql',
    packages: ['postgresql-15'],
    user: 'postgres',
    path: '/usr/lib/postgresql/15/bin',
    clients: ['psql', 'initdb'],
    // Without it the server does not try to compile queries, for which it would need the 110 MB of LLVM.
    remove: ['usr/lib/postgresql/15/lib/llvmjit.so', 'usr/lib/postgresql/15/lib/bitcode'],
  },
  {
    name: 'mariadb',
    packages: ['mariadb-server'],
    user: 'mysql',
    path: '',
    clients: ['mariadb', 'mariadb-install-db'],
  },
  {
    name: 'rabbitmq',
    packages: ['rabbitmq-server'],
    user: 'rabbitmq',
    path: '/usr/lib/rabbitmq/bin',
    clients: ['rabbitmqctl', 'rabbitmq-diagnostics'],
  },
]

/** Where a wrapper writes what it was called with; a tmpfs in every container that the provisioner makes. */
const CALLS = '/tmp/osb-test-calls'

/**
 * A stand-in for a client that records arguments and environment, so that a test can look for secrets in them.
 * @param {string} client
 */
export function wrapper(client) {
  return `#!/bin/sh
{ printf '%s' "$0"; printf ' [%s]' "$@"; printf '\\n'; env; } >>${CALLS} 2>/dev/null
PATH=$(printf '%s' "$PATH" | sed 's|/usr/local/osb-test:||')
export PATH
exec ${client} "$@"
`
}

/** @param {ImageDefinition} image */
export function searchPath({ path }) {
  return ['/usr/local/osb-test', path, '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
    .filter((folder) => folder !== '')
    .join(':')
}
