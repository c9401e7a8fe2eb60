import { type Document, ObjectId } from 'bson'

/** People of known ids and roles, for whoever plays them: the load of a rehearsal, a demonstration. */
export interface Actors {
  admin: ObjectId
  buyers: ObjectId[]
  sellers: ObjectId[]
}

const created = new Date(Date.UTC(2026, 4, 1))

/** The same people for every seed. */
export function actors(): Actors {
  const id = (index: number) =>
    ObjectId.createFromHexString(`69f40000${index.toString(16).padStart(16, '0')}`)
  return {
    admin: id(1),
    buyers: Array.from({ length: 12 }, (_, index) => id(100 + index)),
    sellers: Array.from({ length: 12 }, (_, index) => id(200 + index)),
  }
}

export function actorDocuments(): Document[] {
  const { admin, buyers, sellers } = actors()
  return [
    person(admin, 'admin', 'Ada'),
    ...buyers.map((id, index) => person(id, 'buyer', `Buyer ${index + 1}`)),
    ...sellers.map((id, index) => person(id, 'seller', `Seller ${index + 1}`)),
  ]
}

function person(_id: ObjectId, role: string, firstName: string): Document {
  return {
    _id,
    email: `${firstName.toLowerCase().replace(' ', '')}@actors.example.com`,
    firstName,
    lastName: 'Actor',
    role,
    isEmailVerified: true,
    authProvider: 'email',
    status: 'active',
    points: { total: 1_000, available: 1_000, used: 0, level: 1 },
    referralStats: { totalReferrals: 0, activeReferrals: 0, totalEarned: 0 },
    profile: { isPublic: true },
    passkeys: [],
    refreshTokens: [],
    createdAt: created,
    updatedAt: created,
    __v: 0,
  }
}
