import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Catalog } from 'osb-protocol'
import { onTestFinished } from 'vitest'
import { openPlatform, type Platform, type PlatformOptions } from '../../src/platform.js'
import { type FakeBroker, startFakeBroker } from '../../src/testing.js'

/** An offering with what the tests of the platform need: two plans, tags, things that can be fetched. */
export const testCatalog: Catalog = {
  services: [
    {
      id: 'collector-id',
      name: 'collector',
      description: 'Collects records',
      bindable: true,
      tags: ['collector'],
      plan_updateable: true,
      instances_retrievable: true,
      bindings_retrievable: true,
      plans: [
        { id: 'normal-id', name: 'normal', description: 'One collector', maintenance_info: { version: '1.0.0' } },
        { id: 'large-id', name: 'large', description: 'A large collector', binding_rotatable: true, free: false },
      ],
    },
  ],
}

/** A folder that is gone after the test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'osb-platform-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A fake broker that ends with the test. */
export async function testBroker(catalog = testCatalog): Promise<FakeBroker> {
  const broker = await startFakeBroker({ catalog, auth: { username: 'admin', password: 'broker-secret' } })
  onTestFinished(() => broker.close())
  return broker
}

/** A platform in a folder of its own. */
export function openTestPlatform(options: PlatformOptions = {}): Platform {
  const platform = openPlatform({ folder: testFolder(), ...options })
  onTestFinished(() => platform.close())
  return platform
}

/** A platform on which everybody may order from a fake broker. */
export async function platformWithBroker(
  options: PlatformOptions = {},
  catalog = testCatalog,
): Promise<{ readonly platform: Platform; readonly broker: FakeBroker }> {
  const broker = await testBroker(catalog)
  const platform = openTestPlatform(options)
  await platform.createBroker({ name: 'fake', url: broker.url, username: 'admin', password: 'broker-secret' })
  await platform.enableAccess({ offering: 'collector' })
  return { platform, broker }
}
