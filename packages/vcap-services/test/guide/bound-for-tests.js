import { composeVcapServices } from 'vcap-services'

/** What the platform would set for an app that is bound to this database. */
export const env = {
  VCAP_SERVICES: JSON.stringify(
    composeVcapServices([
      {
        offering: { name: 'postgresql', tags: ['postgresql', 'relational'] },
        plan: { name: 'small' },
        instance_guid: 'a-guid',
        instance_name: 'orders',
        binding_guid: 'another-guid',
        credentials: { uri: 'postgres://shop:s%40cret@db.example.com:5433/orders?sslmode=verify-full' },
      },
    ]),
  ),
}
