import { HDKey } from '@scure/bip32'
import { readAccountKey } from '../../../platform/extended-key.ts'
import type { LoadActor } from './http-client.ts'
import { idIn, type LoadWorld, read, write } from './load-world.ts'

/** Somebody with a hardware wallet: registers it, names it anew, and lets it give out addresses. */
export function trezorPlayer(world: LoadWorld, person: LoadActor): () => Promise<void> {
  const device = deviceOf(person)
  let account: string | null = null
  let number = 0
  return async () => {
    number += 1
    if (account === null || world.random.chance(0.3)) {
      const deviceLabel = `Device ${number}`
      const known = account
      const registered = await write(
        world,
        'POST',
        '/api/trezor/register',
        { actor: person, body: { ...device, deviceLabel } },
        (data) => {
          const id = known ?? idIn(data)
          return id === '' ? [] : [{ target: accountAt(id, 'deviceLabel'), allowed: [deviceLabel] }]
        },
      )
      if (registered.kind === 'done') account = idIn(registered.data)
    } else {
      await nextAddress(world, person, account)
    }
    await read(world, '/api/trezor/account', { actor: person })
  }
}

/** An address stays where it was put: the one with index 1 is the first of the list. */
async function nextAddress(world: LoadWorld, person: LoadActor, account: string): Promise<void> {
  const options = { actor: person, body: { purpose: 'payout' } }
  await write(world, 'POST', '/api/trezor/addresses/next', options, ({ index, address }) =>
    typeof index === 'number'
      ? [{ target: accountAt(account, `addresses.${index - 1}.address`), allowed: [address] }]
      : [],
  )
}

/** The same key for the same person, so that a load that starts again finds its account. */
function deviceOf({ id }: LoadActor): { xpub: string; registrationAddress: string } {
  const root = HDKey.fromMasterSeed(Buffer.from(id.padEnd(64, '7'), 'hex'))
  const xpub = root.derive("m/44'/60'/0'").publicExtendedKey
  return { xpub, registrationAddress: readAccountKey(xpub).addressAt(0) }
}

const accountAt = (id: string, place: string) => ({
  unit: 'trezor' as const,
  collection: 'trezoraccounts',
  id,
  path: place,
})
