import { afterAll, beforeAll, expect, test } from 'vitest'
import { legacyStreams } from '../../seed/legacy/generate.ts'
import { trezorAccounts } from '../domains/trezor/legacy/mapping.ts'
import { type GeneratedStores, generatedStores } from './testing/generated-stores.ts'

/** One in thirty people has one: enough of them for every kind of dirt. */
const sizes = { people: 3_000, stories: 10, categories: 10, posts: 10 }

let stores: GeneratedStores
beforeAll(async () => {
  const { collection } = trezorAccounts
  const [stream] = legacyStreams({ documents: 0, seed: 7, collections: [collection], sizes })
  const accounts = [...(stream?.documents() ?? [])].map(({ document }) => document)
  stores = await generatedStores([trezorAccounts], {
    documents: 300,
    seed: 8,
    additional: { [collection]: accounts },
  })
}, 120_000)
afterAll(() => stores[Symbol.asyncDispose]())

test('the Trezor accounts of each person, several active ones included', async () => {
  const ids = stores.idsOf(trezorAccounts)
  expect(ids.length).toBeGreaterThan(80)
  for (const id of ids) {
    const account = await stores.sameAnswer((units) => units.trezor.read.accounts.find(id))
    const { userId, xpub } = account ?? {}
    if (userId != null) await stores.sameAnswer((units) => units.trezor.read.accounts.findActive(userId))
    if (xpub != null) await stores.sameAnswer((units) => units.trezor.read.accounts.listByXpub(xpub))
  }
})
