import type { VerbEntry } from '../verb.js'

/** The verbs under the heading "Brokers and catalogs", in the order of the help. */
export const brokersVerbs: readonly VerbEntry[] = [
  {
    name: 'create-service-broker',
    aliases: ['csb'],
    group: 'Brokers and catalogs',
    summary: 'Register a service broker',
    load: () => import('../verbs/create-service-broker.js'),
  },
  {
    name: 'update-service-broker',
    aliases: [],
    group: 'Brokers and catalogs',
    summary: 'Read the catalog of a broker again, or change its login',
    load: () => import('../verbs/update-service-broker.js'),
  },
  {
    name: 'delete-service-broker',
    aliases: ['dsb'],
    group: 'Brokers and catalogs',
    summary: 'Forget a service broker',
    load: () => import('../verbs/delete-service-broker.js'),
  },
  {
    name: 'service-brokers',
    aliases: [],
    group: 'Brokers and catalogs',
    summary: 'The registered brokers',
    load: () => import('../verbs/service-brokers.js'),
  },
  {
    name: 'service-access',
    aliases: [],
    group: 'Brokers and catalogs',
    summary: 'Who may order which plans',
    load: () => import('../verbs/service-access.js'),
  },
  {
    name: 'enable-service-access',
    aliases: [],
    group: 'Brokers and catalogs',
    summary: 'Let everyone, or an organization, order plans',
    load: () => import('../verbs/enable-service-access.js'),
  },
  {
    name: 'disable-service-access',
    aliases: [],
    group: 'Brokers and catalogs',
    summary: 'Let nobody order plans any more',
    load: () => import('../verbs/disable-service-access.js'),
  },
  {
    name: 'marketplace',
    aliases: ['m'],
    group: 'Brokers and catalogs',
    summary: 'What can be ordered',
    load: () => import('../verbs/marketplace.js'),
  },
  {
    name: 'purge-service-offering',
    aliases: [],
    group: 'Brokers and catalogs',
    summary: 'Forget an offering and its instances',
    load: () => import('../verbs/purge-service-offering.js'),
  },
  {
    name: 'curl',
    aliases: [],
    group: 'Brokers and catalogs',
    summary: 'Send a request of your own to a broker',
    load: () => import('../verbs/curl.js'),
  },
]
