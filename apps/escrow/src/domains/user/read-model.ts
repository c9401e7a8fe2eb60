import type { Page, Paged } from '../../platform/answer.ts'
import type { EntityId } from '../../platform/ids.ts'
import type { Role } from '../../platform/roles.ts'
import type { Units } from '../../units.ts'
import { isActive, roleOf, type User } from './model.ts'

export interface UserSummary {
  id: EntityId
  firstName: string | null
  lastName: string | null
  avatar: string | null
  role: Role
  isActive: boolean
  /** Where money of this person may go; null when none is known. */
  walletAddress: string | null
}

/** What other domains may know of people. */
export interface UserReadModel {
  /** Ids that do not exist are missing from the answer. */
  summaries(ids: EntityId[]): Promise<Map<EntityId, UserSummary>>
  /** Active sellers, the newest first. */
  sellers(page: Page): Promise<Paged<UserSummary>>
  /** The active user with this address, or null. */
  idOfEmail(email: string): Promise<EntityId | null>
}

export function createUserReadModel(units: Pick<Units, 'user'>): UserReadModel {
  return {
    async summaries(ids) {
      const found = await units.user.read.users.findMany([...new Set(ids)])
      return new Map(found.map((user) => [user.id, summaryOf(user)]))
    },

    async sellers({ page, limit }) {
      const { users } = units.user.read
      const [found, total] = await Promise.all([
        users.listSellers({ limit, offset: (page - 1) * limit }),
        users.countSellers(),
      ])
      return { items: found.map(summaryOf), total }
    },

    async idOfEmail(email) {
      const user = await units.user.read.users.findByEmail(email.toLowerCase())
      return user !== null && isActive(user) ? user.id : null
    },
  }
}

function summaryOf(user: User): UserSummary {
  return {
    id: user.id,
    firstName: user.firstName,
    lastName: user.lastName,
    avatar: user.profile.avatar,
    role: roleOf(user),
    isActive: isActive(user),
    walletAddress: user.walletAddress,
  }
}
