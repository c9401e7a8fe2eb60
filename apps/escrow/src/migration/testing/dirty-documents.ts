import { Decimal128, Double, Int32, Long, ObjectId } from 'bson'

export interface DirtyDocument {
  /** What is wrong with it. */
  what: string
  document: { _id: ObjectId } & Record<string, unknown>
  /** Paths that end in `extra`, in alphabetical order. */
  kept: string[]
}

const id = (n: number) => ObjectId.createFromHexString(n.toString(16).padStart(24, '6'))
const at = new Date('2025-03-01T10:00:00.123Z')

const user = (n: number, fields: Record<string, unknown>) => ({
  _id: id(n),
  firstName: 'Ali',
  role: 'buyer',
  status: 'active',
  createdAt: at,
  ...fields,
})

/** People as old collections hold them. The twin of the first has a higher id, so it is the one that loses. */
export const dirtyUsers: DirtyDocument[] = [
  { what: 'the first of two e-mails', document: user(0x101, { email: 'ali@example.com' }), kept: [] },
  {
    what: 'an e-mail that differs by case alone',
    document: user(0x102, { email: 'Ali@Example.com' }),
    kept: ['email'],
  },
  { what: 'a status nobody knows', document: user(0x103, { status: 'blocked' }), kept: ['status'] },
  { what: 'a status in capitals', document: user(0x104, { status: 'ACTIVE' }), kept: ['status'] },
  {
    what: 'NUL in a name',
    document: user(0x105, { firstName: 'A\0li', lastName: 'جدید' }),
    kept: ['firstName'],
  },
  {
    what: 'points as text, as Double and as NaN',
    document: user(0x106, {
      points: { total: '120', available: new Double(120), used: Number.NaN, level: Long.fromNumber(2) },
    }),
    kept: ['points.used'],
  },
  {
    what: 'a referrer that is no id, a null array and an unknown key with a dot',
    document: user(0x107, {
      referredBy: 'nobody',
      passkeys: null,
      'old.key': 'kept',
      refreshTokens: ['plain'],
    }),
    kept: ['old\\.key', 'referredBy', 'refreshTokens'],
  },
  { what: 'nothing but an id', document: { _id: id(0x108) }, kept: [] },
]

const payment = (n: number, fields: Record<string, unknown>) => ({
  _id: id(n),
  buyerId: id(0x101),
  purchaseRequestId: id(0x301),
  sellerOfferId: id(0x302),
  sellerId: id(0x303),
  amount: { amount: new Int32(10), currency: 'USDT' },
  provider: 'request.network',
  direction: 'in',
  status: 'confirmed',
  createdAt: at,
  ...fields,
})

const amountOf = (amount: unknown) => ({ amount: { amount, currency: 'USDT' } })

/** Payments as old collections hold them. */
export const dirtyPayments: DirtyDocument[] = [
  { what: 'an amount as text', document: payment(0x201, amountOf('12')), kept: [] },
  { what: 'a text with a zero at its end', document: payment(0x202, amountOf('1.50')), kept: [] },
  { what: 'a Double without decimals', document: payment(0x203, amountOf(new Double(1))), kept: [] },
  {
    what: 'float noise',
    document: payment(0x204, amountOf(new Double(0.1 + 0.2))),
    kept: [],
  },
  {
    what: 'a Decimal128 with zeros at its end',
    document: payment(0x205, amountOf(Decimal128.fromString('1.500'))),
    kept: [],
  },
  { what: 'no number at all', document: payment(0x206, amountOf(Number.NaN)), kept: ['amount.amount'] },
  {
    what: 'an amount with its currency',
    document: payment(0x207, amountOf('12 USD')),
    kept: ['amount.amount'],
  },
  {
    what: 'nineteen decimals',
    document: payment(0x208, amountOf(Decimal128.fromString('0.1234567890123456789'))),
    kept: ['amount.amount'],
  },
  {
    what: 'statuses and providers of the past',
    document: payment(0x209, { status: 'archived', provider: 'decentralized', escrowState: 'locked' }),
    kept: ['escrowState', 'provider', 'status'],
  },
  {
    what: 'another status of the past, by the same word',
    document: payment(0x20a, { status: 'archived', currency: 'unmapped' }),
    kept: ['currency', 'status'],
  },
  {
    what: 'references to nothing, to a template and to the outside',
    document: payment(0x20b, {
      purchaseRequestId: 'template-checkout-42',
      sellerOfferId: '5f0000000000000000000bad',
      sellerId: '123e4567-e89b-42d3-a456-426614174000',
    }),
    kept: [],
  },
  {
    what: 'a simulated hash, rest of blockchain, dates as text',
    document: payment(0x20c, {
      blockchain: { transactionHash: 'SIM_0x1', network: 'bsc', confirmations: '12', seen: at },
      expiresAt: '2025-03-01T11:00:00.000Z',
      confirmedAt: 'last week',
    }),
    kept: ['confirmedAt'],
  },
  {
    what: 'everything of another type',
    document: payment(0x20d, {
      amount: 7,
      status: 5,
      blockchain: [],
      quote: 'none',
      metadata: null,
      disputed: 'yes',
    }),
    kept: ['amount', 'blockchain', 'disputed', 'quote', 'status'],
  },
  {
    what: 'a status with NUL, an old quote, no time',
    document: {
      ...payment(0x20e, { status: 'pend\0ing', quote: { amount: '9.90', rate: new Double(1.1), note: 'x' } }),
      createdAt: null,
    },
    kept: ['quote.note', 'status'],
  },
]
