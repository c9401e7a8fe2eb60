import { type Document, Double, Int32, Long, type ObjectId } from 'bson'
import { oddities, stamps } from './dirt.ts'
import type { Random } from './random.ts'
import { firstNames, lastNames, sentences } from './words.ts'

const codeLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Users as the legacy system has them: Telegram people without e-mail, case twins, endless refresh tokens. */
export function user(random: Random, index: number, earlier: readonly Document[]): Document {
  const at = random.date()
  const first = random.pick(firstNames)
  const document: Document = {
    _id: random.objectId(at),
    ...emailOf(random, index, earlier),
    password: `$2b$10$${random.hex(53)}`,
    firstName: first,
    lastName: random.pick(lastNames),
    role: random.pick(['buyer', 'buyer', 'buyer', 'seller', 'seller', 'resolver']),
    isEmailVerified: random.chance(0.8),
    authProvider: random.pick(['email', 'email', 'google', 'telegram']),
    status: random.chance(0.9) ? 'active' : random.pick(['suspended', 'deleted', 'blocked', 'ACTIVE']),
    points: points(random),
    referralStats: { totalReferrals: random.int(0, 5), activeReferrals: 0, totalEarned: random.int(0, 50) },
    refreshTokens: refreshTokens(random),
    passkeys: [],
    ...stamps(random, at),
    ...oddities(random),
  }
  if (random.chance(0.7)) document.referralCode = code(random) + index.toString(32).toUpperCase()
  if (random.chance(0.6)) document.profile = profile(random)
  if (random.chance(0.5)) document.preferences = preferences(random)
  if (random.chance(0.2) && earlier.length > 0) document.referredBy = random.pick(earlier)._id
  if (random.chance(0.005)) document.referredBy = document._id
  if (random.chance(0.1)) document.walletAddress = `0x${random.hex(40)}`
  if (random.chance(0.02)) document.passkeys = null
  if (random.chance(0.01)) document.firstName = `${first}\u0000`
  return document
}

function emailOf(random: Random, index: number, earlier: readonly Document[]): Document {
  if (random.chance(0.08)) return {}
  // The legacy unique index saw letters, not people: the same address in capitals is another user.
  if (random.chance(0.02)) {
    const taken = new Set(earlier.map((other) => other.email))
    const free = earlier.find(({ email }) => isLowerCase(email) && !taken.has(email.toUpperCase()))
    if (free !== undefined) return { email: String(free.email).toUpperCase() }
  }
  return { email: `person${index}@example.com` }
}

function isLowerCase(email: unknown): email is string {
  return typeof email === 'string' && email === email.toLowerCase()
}

function points(random: Random): unknown {
  if (random.chance(0.02)) return undefined
  const total = random.int(0, 6_000)
  const used = random.int(0, total)
  return {
    total: random.chance(0.1) ? new Double(total) : new Int32(total),
    // Balances drifted: available is not always total - used.
    available: random.chance(0.05) ? total : total - used,
    used: random.chance(0.05) ? Long.fromNumber(used) : used,
    level: random.int(0, 4),
  }
}

function refreshTokens(random: Random): unknown[] {
  const count = random.chance(0.02) ? random.int(20, 60) : random.int(0, 2)
  return Array.from({ length: count }, () => random.hex(64))
}

function profile(random: Random): Document {
  return {
    bio: random.pick(sentences),
    isPublic: random.chance(0.7),
    ...(random.chance(0.3) ? { phone: `+98912${random.int(1_000_000, 9_999_999)}` } : {}),
    ...(random.chance(0.2) ? { avatar: `/uploads/avatars/${random.hex(12)}.webp` } : {}),
  }
}

function preferences(random: Random): Document {
  return {
    language: random.pick(['en', 'fa', 'ar']),
    currency: random.pick(['USD', 'EUR', 'IRR', 'AED']),
    notifications: { email: random.chance(0.9), sms: random.chance(0.1), push: true },
  }
}

function code(random: Random): string {
  return Array.from({ length: 8 }, () => random.pick([...codeLetters])).join('')
}

/** Point movements: spends of either sign, orders that exist nowhere, double awards. */
export function pointTransaction(
  random: Random,
  people: readonly ObjectId[],
  orders: readonly ObjectId[],
): Document {
  const at = random.date()
  const type = random.pick(['earn', 'earn', 'earn', 'spend', 'expire'])
  const moved = random.int(1, 500)
  return {
    _id: random.objectId(at),
    user: random.chance(0.99) ? random.pick(people) : random.objectId(at),
    type,
    source: type === 'earn' ? random.pick(['purchase', 'referral', 'bonus', 'admin']) : 'redemption',
    amount: type === 'spend' && random.chance(0.4) ? -moved : moved,
    balance: random.chance(0.1) ? new Double(random.int(0, 5_000)) : random.int(0, 5_000),
    description: random.pick(['Purchase completed', 'Invited a friend', 'خرید موفق', 'Redeemed']),
    ...(random.chance(0.7) ? { order: random.pick(orders) } : {}),
    ...(random.chance(0.3)
      ? { metadata: { orderAmount: random.int(10, 900), levelBefore: 0, levelAfter: random.int(0, 2) } }
      : {}),
    ...stamps(random, at),
    ...oddities(random),
  }
}

/** Sign-ups that were never finished; some long expired, for TTL deletes run late. */
export function tempVerification(random: Random, index: number): Document {
  const at = random.date()
  return {
    _id: random.objectId(at),
    email: `waiting${index}@example.com`,
    password: '',
    firstName: random.pick(firstNames),
    lastName: random.pick(lastNames),
    role: random.pick(['buyer', 'seller']),
    emailVerificationCode: String(random.int(100_000, 999_999)),
    emailVerificationCodeExpires: new Date(Date.UTC(2030, 0, 1) + random.int(0, 900_000)),
    ...stamps(random, at),
  }
}
