import type { Paged } from '../../platform/answer.ts'
import { type Clock, DAY } from '../../platform/clock.ts'
import { DomainError, notFound } from '../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../platform/ids.ts'
import type { Units, UserRepositories } from '../../units.ts'
import { isActive, type Points, type User } from '../user/index.ts'
import { insufficientPoints } from './errors.ts'
import { type LevelReadModel, type LevelStep, nextStepOf, stepOf } from './level/index.ts'
import type { LeaderboardQuery, PointTransaction, Redemption, TransactionFilter } from './model.ts'
import { randomReferralCode } from './referral-code.ts'

const periodDays = { week: 7, month: 30, year: 365 } as const

export interface PointsOverview {
  balance: number
  lifetimePoints: number
  level: LevelStep
  nextLevel: LevelStep | null
  referralCode: string
  referralsCount: number
}

/** A place in the leaderboard, with what everybody may know of who holds it. */
export interface LeaderboardPlace {
  rank: number
  userId: EntityId
  firstName: string | null
  lastName: string | null
  avatar: string | null
  points: number
}

export interface PointsService {
  /** Makes the referral code on first reading. Raises NOT_FOUND. */
  overview(userId: EntityId): Promise<PointsOverview>
  transactions(userId: EntityId, filter: TransactionFilter): Promise<Paged<PointTransaction>>
  /** Who earned most in the days up to now. People who left hold no place. */
  leaderboard(query: LeaderboardQuery): Promise<LeaderboardPlace[]>
  /** Raises NOT_FOUND, INSUFFICIENT_POINTS. */
  redeem(userId: EntityId, redemption: Redemption): Promise<PointTransaction>
  /** Always a new one; the old one is void. Raises NOT_FOUND. */
  generateReferralCode(userId: EntityId): Promise<string>
}

export function createPointsService({
  units,
  clock,
  levels,
}: {
  units: Pick<Units, 'user'>
  clock: Clock
  levels: Pick<LevelReadModel, 'ladder'>
}): PointsService {
  const store = units.user

  async function userOf(userId: EntityId): Promise<User> {
    return (await store.read.users.find(userId)) ?? refuseUnknown(userId)
  }

  function generateReferralCode(userId: EntityId, keepExisting: boolean): Promise<string> {
    return withFreeCode((code) =>
      store.transaction(async ({ users }) => {
        const user = (await users.lock(userId)) ?? refuseUnknown(userId)
        if (keepExisting && user.referralCode !== null) return user.referralCode
        await users.update(userId, { referralCode: code }, clock.now())
        return code
      }),
    )
  }

  return {
    async overview(userId) {
      const user = await userOf(userId)
      const lifetimePoints = user.points.total ?? 0
      const ladder = await levels.ladder()
      return {
        balance: user.points.available ?? 0,
        lifetimePoints,
        level: stepOf(ladder, lifetimePoints),
        nextLevel: nextStepOf(ladder, lifetimePoints),
        referralCode: user.referralCode ?? (await generateReferralCode(userId, true)),
        referralsCount: user.referralStats.totalReferrals ?? 0,
      }
    },

    transactions: (userId, filter) => store.read.pointTransactions.listOf(userId, filter),

    async leaderboard({ period, limit }) {
      const now = clock.now()
      const from = new Date(period === 'all' ? 0 : now.getTime() - periodDays[period] * DAY)
      // More than are shown: some of them may have left.
      const leaders = await store.read.pointTransactions.leaders({ from, to: now }, 2 * limit)
      const found = await store.read.users.findMany(leaders.map(({ userId }) => userId))
      const active = new Map(found.filter(isActive).map((user) => [user.id, user]))
      return leaders
        .flatMap(({ userId, points }) => {
          const user = active.get(userId)
          if (user === undefined) return []
          const { firstName, lastName, profile } = user
          return [{ userId, firstName, lastName, avatar: profile.avatar, points }]
        })
        .slice(0, limit)
        .map((place, index) => ({ rank: index + 1, ...place }))
    },

    redeem: async (userId, { points, description }) => {
      const ladder = await levels.ladder()
      return store.transaction(async (repositories) => {
        const user = (await repositories.users.lock(userId)) ?? refuseUnknown(userId)
        const available = user.points.available ?? 0
        if (available < points) throw insufficientPoints(available)
        return movePoints(repositories, ladder, user, {
          type: 'spend',
          source: 'redemption',
          amount: points,
          description: description ?? 'Points redeemed',
          at: clock.now(),
        })
      })
    },

    generateReferralCode: (userId) => generateReferralCode(userId, false),
  }
}

export type PointsMovement = Pick<PointTransaction, 'source' | 'description'> &
  Partial<Pick<PointTransaction, 'order' | 'metadata' | 'referredUser' | 'expiresAt'>> & {
    type: 'earn' | 'spend'
    amount: number
    at: Date
  }

/** Balance, level and entry together; `user` has been locked in this transaction. */
export async function movePoints(
  { users, pointTransactions }: UserRepositories,
  ladder: readonly LevelStep[],
  user: User,
  { type, amount, at, ...what }: PointsMovement,
): Promise<PointTransaction> {
  const points = type === 'earn' ? earned(ladder, user.points, amount) : spent(user.points, amount)
  const entry: PointTransaction = {
    order: null,
    metadata: null,
    referredUser: null,
    expiresAt: null,
    ...what,
    id: newId(at),
    userId: user.id,
    type,
    amount,
    balance: points.available,
    origin: 'app',
    createdAt: at,
    updatedAt: at,
  }
  await users.update(user.id, { points }, at)
  await pointTransactions.insert(entry)
  return entry
}

function earned(ladder: readonly LevelStep[], points: Points, amount: number): Points {
  const total = (points.total ?? 0) + amount
  return { ...points, total, available: (points.available ?? 0) + amount, level: stepOf(ladder, total).level }
}

function spent(points: Points, amount: number): Points {
  return { ...points, available: (points.available ?? 0) - amount, used: (points.used ?? 0) + amount }
}

/** A code that somebody has already is as good as impossible; if it happens, another one is drawn. */
async function withFreeCode<T>(work: (code: string) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(randomReferralCode())
    } catch (error) {
      const taken = error instanceof DomainError && error.code === 'REFERRAL_CODE_TAKEN'
      if (!taken || attempt >= 5) throw error
    }
  }
}

function refuseUnknown(id: EntityId): never {
  throw notFound('user', publicId(id))
}
