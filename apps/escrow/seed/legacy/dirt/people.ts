import { Double, Int32, Long } from 'bson'
import { personAt } from '../world/people.ts'
import { day } from '../world/world.ts'
import {
  asHex,
  type Dirtyings,
  drop,
  gone,
  mixedCase,
  nowhere,
  put,
  put1,
  templateCheckout,
  turn,
  twin,
  where,
} from './dirtying.ts'

const plainTokens = (least: number, most: number) =>
  put('refreshTokens', ({ random }) => Array.from({ length: random.int(least, most) }, () => random.hex(64)))

export const userDirt: Dirtyings = {
  'email-missing': drop('email'),
  'email-null': (document, context) => context.once() && put('email', () => null)(document, context),
  'email-case-twin': twin(['email'], ({ email }) => typeof email === 'string', {
    email: (email) => String(email).toUpperCase(),
  }),
  'status-unknown': put1('status', 'blocked', 'banned'),
  'status-in-capitals': put1('status', 'ACTIVE'),
  'role-unknown': put1('role', 'moderator'),
  'role-missing': drop('role'),
  'refresh-tokens-plain': plainTokens(1, 3),
  'refresh-tokens-endless': plainTokens(20, 60),
  'passkeys-null': put1('passkeys', null),
  'passkey-twice': twin(['passkeys'], ({ passkeys }) => Array.isArray(passkeys) && passkeys.length > 0),
  'name-with-nul': turn('firstName', (name) => `${String(name)}\u0000`),
  'names-missing': drop('firstName', 'lastName'),
  'points-missing': drop('points'),
  'points-null': put1('points', null),
  'points-drifted': turn('points.available', (available) => Number(available) + 50),
  'points-as-text': turn('points.total', (total) => String(total)),
  'points-as-long': turn('points.used', (used) => Long.fromNumber(Number(used))),
  'points-as-double': turn('points.total', (total) => new Double(Number(total))),
  'points-nan': put('points.used', () => new Double(Number.NaN)),
  'referrer-self': put('referredBy', (_, document) => document._id),
  'referrer-circle': (document, context) => {
    if (context.isLast) return false
    const own = document._id
    document.referredBy = personAt(context.world, context.index + 1).id
    context.alsoNext((next) => {
      next.referredBy = own
      return true
    })
    return true
  },
  'referrer-gone': put('referredBy', (context) => nowhere(context)),
  'referrer-in-words': put1('referredBy', 'nobody'),
  'code-as-number': put('emailVerificationCode', ({ random }) => new Int32(random.int(1_000, 99_999))),
  'wallet-mixed-case': turn('walletAddress', mixedCase),
  'preferences-as-text': put1('preferences', 'fa'),
  'profile-as-text': put1('profile', 'none'),
  'profile-photo': put('profile.photoURL', () => '/uploads/avatars/old.jpg'),
}

export const pointTransactionDirt: Dirtyings = {
  'spend-negative': where(
    ({ type }) => type === 'spend',
    turn('amount', (amount) => -Number(amount)),
  ),
  'balance-drifted': turn('balance', (balance) => Number(balance) + 10),
  'balance-as-double': turn('balance', (balance) => new Double(Number(balance))),
  'balance-with-decimals': turn('balance', (balance) => Number(balance) + 0.5),
  'amount-with-decimals': turn('amount', (amount) => Number(amount) + 0.5),
  'order-as-text': asHex('order'),
  'order-of-template': put('order', templateCheckout),
  'order-gone': gone('order'),
  'user-gone': gone('user'),
  'double-award': twin(
    ['source', 'order', 'type'],
    ({ type, order }) => type === 'earn' && order !== undefined,
  ),
  'type-unknown': put1('type', 'refund', 'admin_grant'),
  'source-unknown': put1('source', 'promo'),
  'metadata-keys-with-dots': put('metadata', () => ({ 'old.key': 1, orderAmount: 5 })),
  'description-missing': drop('description'),
}

const longAgo = (now: number) => new Date(now - 300 * day).toISOString()

export const tempVerificationDirt: Dirtyings = {
  'expiry-as-text': put('emailVerificationCodeExpires', ({ world }) => longAgo(world.now)),
  'expiry-missing': drop('emailVerificationCodeExpires'),
  'code-as-number': put('emailVerificationCode', ({ random }) => new Int32(random.int(1_000, 99_999))),
  'role-unknown': put1('role', 'resolver'),
  'email-case-twin': twin(['email'], () => true, { email: (email) => String(email).toUpperCase() }),
  'password-missing': drop('password'),
}

export const telegramLinkDirt: Dirtyings = {
  'telegram-id-as-text': turn('telegramUserId', (id) => String(id)),
  'telegram-id-as-double': turn('telegramUserId', (id) => new Double(Number(id))),
  'two-active-links': where(
    ({ isActive }) => isActive === true,
    twin(['telegramUserId'], ({ isActive }) => isActive === true),
  ),
  'user-gone': gone('userId'),
  'active-as-text': put1('isActive', 'yes'),
}

export const addressDirt: Dirtyings = {
  'type-in-lower-case': turn('addressType', (type) => String(type).toLowerCase()),
  'two-primaries': where(
    ({ primary }) => primary === true,
    twin(['userId', 'primary'], ({ primary }) => primary === true),
  ),
  'zip-missing': drop('zipCode'),
  'zip-as-number': put('zipCode', () => new Int32(12_345)),
  'persian-digits': put1('phoneNumber', '۰۹۱۲۱۲۳۴۵۶۷'),
  'user-gone': gone('userId'),
  'primary-as-text': put1('primary', 'yes'),
  'primary-missing': drop('primary'),
}

export const telegramSessionDirt: Dirtyings = {
  'telegram-id-as-text': turn('telegramUserId', (id) => String(id)),
  'expiry-as-text': put('expiresAt', ({ world }) => longAgo(world.now)),
  'user-missing': drop('userId'),
  'user-gone': gone('userId'),
}
