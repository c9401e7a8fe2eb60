import { Types } from 'mongoose'

/**
 * Documents beside the generated ones on which a careless aggregation of one store answers otherwise than the other: a
 * few for each trap.
 */

export const someone = '65fe1b8096e9878885bb2ae3'
export const requestId = '65fe1b8096e9878885bb2ae4'
const id = (hex: string) => new Types.ObjectId(hex)
const decimal = (text: string) => Types.Decimal128.fromString(text)

/** What a sum skips or rounds, days that turn elsewhere, times as text, ids as text. */
const sums = {
  payments: [
    { amount: { amount: 0.1, currency: 'EUR' }, createdAt: new Date('2027-03-01T23:59:59.999Z') },
    { amount: { amount: '0.2', currency: 'EUR' }, createdAt: '2027-03-02T01:30:00+03:00' },
    { amount: { amount: decimal('0.000000000000000001'), currency: 'EUR' }, createdAt: '2027-03-01' },
    { amount: { amount: '1,200', currency: 'EUR' }, createdAt: new Date('2027-03-01T00:00:00Z') },
    { amount: { amount: Number.NaN, currency: null }, createdAt: new Date('2027-03-02T00:00:00Z') },
    { amount: { amount: 7 }, createdAt: new Date('2027-03-02T00:00:00Z'), provider: 'somebody else' },
    { amount: { amount: 8 }, createdAt: '1 March 2027' },
    { amount: 9, createdAt: [new Date('2027-03-02T00:00:00Z')] },
  ].map((trap) => ({
    _id: new Types.ObjectId(),
    buyerId: id(someone),
    direction: 'in',
    status: 'completed',
    provider: 'other',
    ...trap,
  })),
  blogposts: [
    { category: 'news' },
    { category: 'general' },
    { category: 'general', status: 'Published' },
    { category: null },
    {},
    { category: 7, status: null },
    { category: ['news'], status: 'draft' },
  ].map((trap) => ({ _id: new Types.ObjectId(), title: 'A post', status: 'published', ...trap })),
  reviews: [
    { rating: 5 },
    { rating: '5', subjectId: someone },
    { rating: 4.5 },
    { rating: 6 },
    { rating: 'five' },
    { rating: null },
    { rating: 1, status: 'Published' },
    { rating: 1, subjectType: 'template' },
    { rating: 2, createdAt: 'last week' },
  ].map((trap) => ({
    _id: new Types.ObjectId(),
    subjectType: 'seller',
    subjectId: id(someone),
    sellerId: id(someone),
    reviewerId: new Types.ObjectId(),
    status: 'published',
    ...trap,
  })),
  selleroffers: [
    { price: { amount: 1, currency: 'EUR' } },
    { price: { amount: '1.5', currency: 'EUR' }, purchaseRequestId: requestId },
    { price: { amount: decimal('0.3'), currency: 'EUR' }, status: 'a word of the past' },
    { price: { amount: -5, currency: 'EUR' } },
    { price: { amount: 'ask me', currency: 'EUR' }, status: null },
    { price: { amount: 2, currency: null }, sellerId: someone },
    { price: { amount: 4 } },
    { price: '12 EUR' },
  ].map((trap) => ({
    _id: new Types.ObjectId(),
    sellerId: id(someone),
    purchaseRequestId: id(requestId),
    status: 'rejected',
    ...trap,
  })),
  pointtransactions: [
    { amount: 10, createdAt: new Date('2027-03-01T00:00:00Z') },
    { amount: '20', createdAt: '2027-03-01T01:00:00+00:00' },
    { amount: 40, createdAt: '2027-03-01T01:00:00+02:00' },
    { amount: 2.5, createdAt: new Date('2027-03-01T00:00:00Z') },
    { amount: 80, user: someone, createdAt: new Date('2027-03-02T00:00:00Z') },
    { amount: -7, type: 'spend' },
    { amount: 3, type: 'spend', source: 'a word of the past' },
    { amount: 160, createdAt: 'yesterday', source: null },
  ].map((trap) => ({
    _id: new Types.ObjectId(),
    user: id(someone),
    type: 'earn',
    source: 'bonus',
    ...trap,
  })),
}

/** Of the same second, so that their order is that of the last digit. */
const numbered = (digits: string) => `65fe1b8096e9878885b${digits}`

/** People who are sellers, or look like it. */
export const sellers = {
  active: someone,
  nullStatus: numbered('a0001'),
  noStatus: numbered('a0002'),
  listedStatus: numbered('a0003'),
  listedRole: numbered('a0004'),
  blocked: numbered('a0005'),
  numbered: numbered('a0006'),
  upperCase: numbered('a0007'),
  suspended: numbered('a0008'),
}

const people: Record<keyof typeof sellers, Record<string, unknown>> = {
  active: { status: 'active' },
  nullStatus: { status: null },
  noStatus: {},
  listedStatus: { status: ['active'] },
  listedRole: { role: ['seller'] },
  blocked: { status: 'blocked' },
  numbered: { status: 7 },
  upperCase: { role: 'Seller' },
  suspended: { status: 'suspended' },
}

const users = Object.entries(people).map(([kind, fields]) => ({
  _id: id(sellers[kind as keyof typeof sellers]),
  email: `${kind}@traps.example`,
  role: 'seller',
  ...fields,
}))

const shopsettings = [
  { _id: id(numbered('b0001')), sellerId: someone, name: 'the first' },
  { _id: id(numbered('b0002')), sellerId: id(someone), name: 'the second' },
  { sellerId: id(sellers.nullStatus), name: 'hidden', isPublic: false },
  { sellerId: id(sellers.noStatus), name: null, isPublic: 'yes' },
]

/** How orders of one seller end: which are completed, by the offer that they chose. */
const ends: {
  status: unknown
  chosen?: (offer: Types.ObjectId) => unknown
  onOther?: true
  counts: boolean
}[] = [
  { status: 'completed', chosen: (offer) => offer, counts: true },
  { status: 'seller_paid', chosen: String, counts: true },
  { status: 'completed', counts: false },
  { status: 'completed', chosen: (offer) => offer, onOther: true, counts: false },
  { status: 'completed', chosen: (offer) => [offer], counts: false },
  { status: ['completed'], chosen: (offer) => offer, counts: false },
  { status: 'Completed', chosen: (offer) => offer, counts: false },
  { status: 'finalized', chosen: (offer) => offer, counts: false },
  { status: null, chosen: (offer) => offer, counts: false },
  { status: 'delivered', chosen: (offer) => offer, counts: false },
]

export const orders = { count: ends.filter(({ counts }) => counts).length }

const ordered = ends.map(({ status, chosen, onOther }, index) => {
  const [request, offer] = [new Types.ObjectId(), new Types.ObjectId()]
  const of = onOther === undefined ? request : new Types.ObjectId()
  const sellerId = id(sellers.nullStatus)
  return {
    request: {
      _id: request,
      buyerId: new Types.ObjectId(),
      status,
      selectedOfferId: chosen?.(offer) ?? null,
    },
    // Old offers hold ids as text, too.
    offer: {
      _id: offer,
      sellerId: index % 2 === 0 ? sellerId : String(sellerId),
      purchaseRequestId: index % 2 === 0 ? String(of) : of,
      status: 'accepted',
    },
  }
})

const began = '2027-03-01T00:00:00.000Z'
const disputes = [
  { category: 'fraud', createdAt: new Date(began), resolvedAt: new Date('2027-03-01T00:00:00.001Z') },
  { category: 'fraud', createdAt: began, resolvedAt: '2027-03-01T03:30:00.002+03:30' },
  { category: 'fraud', createdAt: new Date(began), resolvedAt: '2027-03-01T00:00:00.007Z' },
  { category: 'fraud', createdAt: new Date(began), resolvedAt: 'in the end' },
  { category: 'fraud', createdAt: 'once', resolvedAt: new Date(began) },
  { category: null, createdAt: new Date(began), resolvedAt: new Date('2027-03-01T02:00:00Z') },
  // Resolved before it began: clocks differ.
  { createdAt: new Date('2027-03-01T00:00:00Z'), resolvedAt: new Date(began) },
  { category: 'fraud', status: 'under_review', priority: 5 },
  { category: 'fraud', status: 'under_review', priority: null, createdAt: new Date(began) },
  { category: 'fraud', status: 'under_review', createdAt: new Date(began), resolution: 'refund' },
  { status: 'under_review', priority: 'of the past', resolution: null },
  { status: 'under_review', priority: 'of the past', resolution: [{ resolvedAt: new Date(began) }] },
  { status: null, priority: 'of the past' },
  { priority: 'of the past' },
].map(({ resolvedAt, ...trap }: Record<string, unknown>) => ({
  _id: new Types.ObjectId(),
  purchaseRequestId: new Types.ObjectId(),
  buyerId: new Types.ObjectId(),
  ...(resolvedAt === undefined
    ? {}
    : { status: 'resolved', resolution: { action: 'no_action', resolvedAt } }),
  ...trap,
}))

/** By collection. */
export const additional: Record<string, Record<string, unknown>[]> = {
  ...sums,
  users,
  disputes,
  shopsettings: shopsettings.map((shop) => ({ _id: new Types.ObjectId(), ...shop })),
  purchaserequests: ordered.map(({ request }) => request),
  selleroffers: [...sums.selleroffers, ...ordered.map(({ offer }) => offer)],
}
