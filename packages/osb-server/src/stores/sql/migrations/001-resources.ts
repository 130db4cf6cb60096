/** The table of instances and bindings, with an index for each look that is not by key, and the names of the keys in use. */
export const resources: readonly string[] = [
  `create table osb_resources (
    tenant text not null,
    instance_id text not null,
    binding_id text not null,
    long_key text,
    version bigint not null,
    service_id text not null,
    plan_id text not null,
    status text not null,
    operation_state text not null,
    operation_ended_at_ms bigint,
    operation text not null,
    lease_owner text,
    lease_token bigint not null,
    lease_ends_at_ms bigint not null,
    request text not null,
    answer text not null,
    state text,
    operation_request text not null,
    checkpoint text,
    primary key (tenant, instance_id, binding_id)
  )`,
  `create index osb_resources_lapsing on osb_resources (lease_ends_at_ms) where operation_state = 'in progress'`,
  `create index osb_resources_busy on osb_resources (tenant, instance_id, binding_id)
    where operation_state = 'in progress'`,
  `create index osb_resources_deleted on osb_resources (operation_ended_at_ms) where status = 'deleted'`,
  'create table osb_keys (key_id text primary key)',
]
