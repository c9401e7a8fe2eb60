import { type Document, Long } from 'bson'
import { personAt, personRandom } from '../world/people.ts'
import { day, hour, idIn, notAfterNow, randomOf, type World } from '../world/world.ts'
import { stamps } from './clean.ts'

/** The Trezor of every thirtieth person, with the addresses that it gave. */
export function* trezorAccounts(world: World, index: number): Generator<Document> {
  if (index % 30 !== 4) return
  const person = personAt(world, index)
  const random = personRandom(world, index, 'trezor')
  const at = person.joinedAt + 2 * day
  const registrationAddress = `0x${random.hex(40)}`
  const issued = random.int(0, 3)
  yield {
    _id: idIn(world, 'trezor', index, at),
    userId: person.id,
    xpub: `xpub6C${random.hex(100)}`,
    xpubFingerprint: random.hex(8),
    basePath: "m/44'/60'/0'",
    registrationAddress,
    nextAddressIndex: issued + 1,
    addresses: Array.from({ length: issued }, (_, place) => ({
      index: place + 1,
      address: `0x${random.hex(40)}`,
      path: `m/44'/60'/0'/0/${place + 1}`,
      purpose: 'payout',
      issuedAt: notAfterNow(world, at + place * day),
    })),
    ...(random.chance(0.5) ? { deviceLabel: 'My Trezor' } : {}),
    isActive: true,
    ...stamps(world, at),
  }
}

/** A session of the Mini App, of every eighth person who came by Telegram. */
export function* telegramSessions(world: World, index: number): Generator<Document> {
  const { telegramUserId, id } = personAt(world, index)
  if (telegramUserId === null) return
  const random = randomOf(world, 'session', index)
  const at = world.now - random.int(1, 200) * hour
  yield {
    _id: idIn(world, 'session', index, at),
    token: random.hex(64),
    telegramUserId: Long.fromNumber(telegramUserId),
    userId: id,
    initDataFingerprint: random.hex(32),
    authDate: new Date(at),
    source: random.pick(['miniapp', 'widget']),
    // Far enough away that no TTL monitor takes the living ones while somebody works with the data.
    expiresAt: new Date(world.now + random.int(20, 40) * day),
    isActive: true,
    ...stamps(world, at),
  }
}
