import { type Document, Long, type ObjectId } from 'bson'
import type { Random } from '../random.ts'
import { firstNames, lastNames, sentences, streets } from '../words.ts'
import { invitedOf, type Person, personAt, personRandom } from '../world/people.ts'
import { storyAt } from '../world/stories.ts'
import { day, hour, idIn, notAfterNow, randomOf, type World } from '../world/world.ts'
import { image, optional, stamps } from './clean.ts'

const codeLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

interface Movement {
  type: 'earn' | 'spend' | 'expire'
  source: string
  amount: number
  balance: number
  at: number
}

/** What a person earned and spent, in order: user and entries are told from the same list, so they add up. */
function movementsOf(world: World, person: Person): Movement[] {
  const random = personRandom(world, person.index, 'points')
  const movements: Movement[] = []
  let balance = 0
  for (let place = 0; place < person.index % 4; place += 1) {
    const spends = place === 2 && balance > 10
    const amount = spends ? random.int(1, balance) : random.int(1, 900)
    const type = spends ? random.pick(['spend', 'expire'] as const) : 'earn'
    balance += spends ? -amount : amount
    const source = spends ? 'redemption' : random.pick(['purchase', 'purchase', 'referral', 'bonus', 'admin'])
    movements.push({ type, source, amount, balance, at: person.joinedAt + (place + 1) * 9 * day })
  }
  return movements
}

export function user(world: World, index: number): Document {
  const person = personAt(world, index)
  const random = personRandom(world, index, 'user')
  const movements = movementsOf(world, person)
  const earned = movements.filter(({ type }) => type === 'earn')
  const total = earned.reduce((sum, { amount }) => sum + amount, 0)
  const available = movements.at(-1)?.balance ?? 0
  const invited = invitedOf(world, index).length
  const byTelegram = person.telegramUserId !== null
  return {
    _id: person.id,
    email: `person${index}@example.com`,
    password: `$2b$10$${random.hex(53)}`,
    firstName: random.pick(firstNames),
    lastName: random.pick(lastNames),
    role: person.role,
    isEmailVerified: random.chance(0.85),
    authProvider: byTelegram ? 'telegram' : random.pick(['email', 'email', 'email', 'google']),
    ...(byTelegram ? { telegramVerified: true } : {}),
    status: random.chance(0.93) ? 'active' : random.pick(['suspended', 'deleted']),
    ...(random.chance(0.7) ? { referralCode: codeOf(index) } : {}),
    ...optional('referredBy', person.invitedBy === null ? null : personAt(world, person.invitedBy).id),
    points: { total, available, used: total - available, level: Math.min(4, Math.floor(total / 1_000)) },
    referralStats: { totalReferrals: invited, activeReferrals: 0, totalEarned: invited * 25 },
    ...(random.chance(0.6) ? { profile: profile(random) } : {}),
    ...(random.chance(0.5) ? { preferences: preferences(random) } : {}),
    ...(random.chance(0.15) ? { walletAddress: `0x${random.hex(40)}` } : {}),
    ...(random.chance(0.06) ? { passwordResetCode: String(random.int(100_000, 999_999)) } : {}),
    passkeys: random.chance(0.06) ? [passkey(random, person)] : [],
    refreshTokens: random.chance(0.3) ? [refreshToken(world, random)] : [],
    ...stamps(world, person.joinedAt, person.joinedAt + random.int(1, 200) * day),
  }
}

/** Eight letters of the referral alphabet, another eight for every number. */
function codeOf(index: number): string {
  let rest = index * 48_271 + 7
  let code = ''
  for (let place = 0; place < 8; place += 1) {
    code += codeLetters[rest % codeLetters.length]
    rest = Math.floor(rest / codeLetters.length)
  }
  return code
}

function profile(random: Random): Document {
  return {
    bio: random.pick(sentences),
    isPublic: random.chance(0.7),
    ...(random.chance(0.3) ? { phone: `+98912${random.int(1_000_000, 9_999_999)}` } : {}),
    ...(random.chance(0.2) ? { avatar: image(`avatars/${random.hex(12)}`) } : {}),
    ...(random.chance(0.1) ? { website: 'https://shop.example.com' } : {}),
  }
}

function preferences(random: Random): Document {
  return {
    language: random.pick(['en', 'fa', 'ar']),
    currency: random.pick(['USD', 'EUR', 'IRR', 'AED']),
    notifications: { email: random.chance(0.9), sms: random.chance(0.1), push: true },
  }
}

function passkey(random: Random, person: Person): Document {
  return {
    credentialId: `cred-${person.index}-${random.hex(16)}`,
    publicKey: random.hex(80),
    counter: Long.fromNumber(random.int(0, 40)),
    transports: ['internal', 'hybrid'],
  }
}

function refreshToken(world: World, random: Random): Document {
  return {
    tokenHash: random.hex(64),
    family: random.hex(16),
    expiresAt: new Date(world.now + random.int(1, 29) * day),
    userAgent: 'Mozilla/5.0',
  }
}

/** The point movements of a person. */
export function* pointTransactions(world: World, index: number): Generator<Document> {
  const person = personAt(world, index)
  for (const [place, movement] of movementsOf(world, person).entries()) {
    const random = randomOf(world, 'movement', index * 4 + place)
    const { type, source, amount, balance, at } = movement
    const order =
      source === 'purchase' ? storyAt(world, random.int(0, world.sizes.stories - 1)).id : undefined
    yield {
      _id: idIn(world, 'movement', index * 4 + place, at),
      user: person.id,
      type,
      source,
      amount,
      balance,
      description: random.pick(['Purchase completed', 'Invited a friend', 'خرید موفق', 'Redeemed']),
      ...optional('order', order),
      ...(source === 'referral' ? optional('referredUser', invitedId(world, index)) : {}),
      ...(random.chance(0.3)
        ? { metadata: { orderAmount: random.int(10, 900), levelBefore: 0, levelAfter: random.int(0, 2) } }
        : {}),
      ...(type === 'earn' && random.chance(0.3) ? { expiresAt: new Date(at + 365 * day) } : {}),
      ...stamps(world, at),
    }
  }
}

function invitedId(world: World, index: number): ObjectId | undefined {
  const [first] = invitedOf(world, index)
  return first === undefined ? undefined : personAt(world, first).id
}

/** A sign-up that was never finished. */
export function tempVerification(world: World, index: number): Document {
  const random = randomOf(world, 'sign-up', index)
  const at = world.now - random.int(0, 20) * hour - 1_000
  return {
    _id: idIn(world, 'sign-up', index, at),
    email: `waiting${index}@example.com`,
    password: '',
    firstName: random.pick(firstNames),
    lastName: random.pick(lastNames),
    role: random.pick(['buyer', 'seller']),
    ...(random.chance(0.2) ? { referralCode: codeOf(random.int(0, 40)) } : {}),
    emailVerificationCode: String(random.int(100_000, 999_999)),
    // Far enough away that no TTL monitor takes the living ones while somebody works with the data.
    emailVerificationCodeExpires: new Date(world.now + random.int(60, 90) * day),
    ...stamps(world, at),
  }
}

/** The link of a person who came by Telegram. */
export function* telegramLinks(world: World, index: number): Generator<Document> {
  const { telegramUserId, id, joinedAt } = personAt(world, index)
  if (telegramUserId === null) return
  const random = randomOf(world, 'link', index)
  yield {
    _id: idIn(world, 'link', index, joinedAt),
    telegramUserId: Long.fromNumber(telegramUserId),
    userId: id,
    username: `person_${index}`,
    firstName: random.pick(firstNames),
    ...(random.chance(0.6) ? { lastName: random.pick(lastNames) } : {}),
    isActive: random.chance(0.95),
    lastSeenAt: notAfterNow(world, joinedAt + random.int(1, 300) * day),
    ...stamps(world, joinedAt),
  }
}

const addressCounts = [1, 0, 1, 0, 2, 0] as const

/** Up to two addresses of a person, of which the first is the primary one. */
export function* addresses(world: World, index: number): Generator<Document> {
  const person = personAt(world, index)
  for (let place = 0; place < (addressCounts[index % addressCounts.length] ?? 0); place += 1) {
    const random = randomOf(world, 'address', index * 2 + place)
    const at = person.joinedAt + (place + 1) * day
    yield {
      _id: idIn(world, 'address', index * 2 + place, at),
      userId: person.id,
      name: random.pick(['Home', 'Work', 'خانه']),
      phoneNumber: `+98912${random.int(1_000_000, 9_999_999)}`,
      ...address(random),
      addressType: random.pick(['Home', 'Office', 'Other']),
      primary: place === 0,
      ...stamps(world, at),
    }
  }
}

/** What a request embeds of it, too. */
export function address(random: Random): Document {
  return {
    fullAddress: `${random.pick(streets)} ${random.int(1, 200)}`,
    city: random.pick(['تهران', 'Berlin', 'دبی', 'Istanbul']),
    state: random.pick(['Tehran', 'Berlin', 'Dubai']),
    country: random.pick(['IR', 'DE', 'AE', 'TR']),
    zipCode: String(random.int(100_000, 999_999)).padStart(7, '0'),
  }
}
