/** A VCAP_SERVICES document of so many services, as Cloud Controller writes them: about 800 bytes each. */
export function makeDocument(count: number): string {
  const labels = ['p.mysql', 'postgresql-db', 'p.redis', 'p.rabbitmq', 'user-provided']
  const byLabel = new Map<string, object[]>()
  for (let index = 0; index < count; index++) {
    const label = labels[index % labels.length] ?? ''
    byLabel.set(label, [...(byLabel.get(label) ?? []), makeService(label, index)])
  }
  return JSON.stringify(Object.fromEntries(byLabel))
}

function makeService(label: string, index: number): object {
  const host = `q-n${index}s0.q-g42.bosh`
  const [user, password] = [`user${index}abcdef0123456789`, `pass${index}0123456789abcdef`]
  return {
    label,
    provider: null,
    plan: `db-${index % 3}`,
    name: `service-${index}`,
    tags: [label, 'relational', 'on-demand'],
    instance_guid: `7a6e2d0c-5f43-4f0e-9a55-${String(index).padStart(12, '0')}`,
    instance_name: `instance-${index}`,
    binding_guid: `c1f0b6a8-93f5-4f6c-8a7b-${String(index).padStart(12, '0')}`,
    binding_name: null,
    credentials: {
      hostname: host,
      port: 3306,
      name: `service_instance_db_${index}`,
      username: user,
      password,
      uri: `mysql://${user}:${password}@${host}:3306/service_instance_db_${index}?reconnect=true`,
      jdbcUrl: `jdbc:mysql://${host}:3306/service_instance_db_${index}?user=${user}&password=${password}&useSSL=false`,
    },
    syslog_drain_url: null,
    volume_mounts: [],
  }
}
