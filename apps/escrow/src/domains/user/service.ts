import type { Clock } from '../../platform/clock.ts'
import { notFound } from '../../platform/errors.ts'
import { type EntityId, publicId } from '../../platform/ids.ts'
import type { Units } from '../../units.ts'
import type { ProfileChanges, User } from './model.ts'

export interface UserService {
  /** Raises NOT_FOUND. */
  get(id: EntityId): Promise<User>
  /** Raises NOT_FOUND. */
  changeProfile(id: EntityId, changes: ProfileChanges): Promise<User>
}

export function createUserService({
  units,
  clock,
}: {
  units: Pick<Units, 'user'>
  clock: Clock
}): UserService {
  return {
    async get(id) {
      return (await units.user.read.users.find(id)) ?? refuseUnknown(id)
    },

    changeProfile: (id, changes) =>
      units.user.transaction(async ({ users }) => {
        const user = (await users.lock(id)) ?? refuseUnknown(id)
        const { firstName, lastName, preferences, photoURL, ...profile } = changes
        const avatar = profile.avatar === undefined ? photoURL : profile.avatar
        await users.update(
          id,
          {
            firstName,
            lastName,
            profile: { ...user.profile, ...given({ ...profile, avatar }) },
            preferences: preferences && mergePreferences(user.preferences, preferences),
          },
          clock.now(),
        )
        return (await users.find(id)) ?? refuseUnknown(id)
      }),
  }
}

function mergePreferences(
  before: User['preferences'],
  changes: NonNullable<ProfileChanges['preferences']>,
): Record<string, unknown> {
  const { notifications, ...plain } = changes
  const merged = { ...before, ...given(plain) }
  if (notifications === undefined) return merged
  return {
    ...merged,
    notifications: { ...(before?.notifications as object | undefined), ...given(notifications) },
  }
}

function given<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<Fields>
}

function refuseUnknown(id: EntityId): never {
  throw notFound('user', publicId(id))
}
