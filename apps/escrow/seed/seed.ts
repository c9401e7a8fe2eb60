import type { Category } from '../src/domains/marketplace/category/index.ts'
import type { User } from '../src/domains/user/index.ts'
import type { Clock } from '../src/platform/clock.ts'
import { type EntityId, newId } from '../src/platform/ids.ts'
import type { Passwords } from '../src/platform/passwords.ts'
import { ProgramError } from '../src/platform/run-program.ts'
import type { Units } from '../src/units.ts'
import { categories, levels, type SeedCategory, settings } from './first-data.ts'

export interface SeedOptions {
  units: Pick<Units, 'user' | 'category' | 'level' | 'config'>
  clock: Clock
  passwords: Passwords
  administrator: { email: string; password: string }
}

/** How much was missing and has been made. */
export interface Seeded {
  administrators: number
  categories: number
  levels: number
  settings: number
}

/** The address of the first administrator belongs to somebody who is none: nobody is promoted by the way. */
export class AdministratorIsSomebodyElse extends ProgramError {
  constructor(email: string) {
    super(
      'ADMINISTRATOR_IS_SOMEBODY_ELSE',
      `${email} is no administrator: set ADMIN_EMAIL to another address, or give that person the role`,
    )
    this.name = 'AdministratorIsSomebodyElse'
  }
}

/**
 * Fills a new marketplace with what it needs to serve. Can be repeated: it makes what is missing and changes nothing
 * that is there. Categories and levels are made where there are none at all, so what was removed stays removed.
 */
export async function seed(options: SeedOptions): Promise<Seeded> {
  return {
    administrators: await seedAdministrator(options),
    categories: await seedCategories(options),
    levels: await seedLevels(options),
    settings: await seedSettings(options),
  }
}

async function seedAdministrator({ units, clock, passwords, administrator }: SeedOptions): Promise<number> {
  const { email } = administrator
  const present = await units.user.read.users.findByEmail(email)
  if (present !== null && present.role !== 'admin') throw new AdministratorIsSomebodyElse(email)
  if (present !== null) return 0
  // Slow on purpose, so outside the transaction.
  const password = await passwords.hash(administrator.password)
  await units.user.transaction(({ users }) => users.insert(newAdministrator(email, password, clock.now())))
  return 1
}

function newAdministrator(email: string, password: string, at: Date): User {
  return {
    id: newId(at),
    email,
    password,
    firstName: 'Administrator',
    lastName: null,
    role: 'admin',
    isEmailVerified: true,
    authProvider: 'email',
    telegramVerified: false,
    status: 'active',
    referralCode: null,
    referredBy: null,
    points: { total: 0, available: 0, used: 0, level: 1 },
    referralStats: { totalReferrals: 0, activeReferrals: 0, totalEarned: 0 },
    profile: { avatar: null, phone: null, bio: null, website: null, isPublic: false },
    preferences: null,
    walletAddress: null,
    lastLoginAt: null,
    failedLogins: 0,
    createdAt: at,
    updatedAt: at,
  }
}

function seedCategories({ units, clock }: SeedOptions): Promise<number> {
  const at = clock.now()
  const all = categories.flatMap((category, order) => {
    const parent = newCategory(category, null, order, at)
    const children = (category.children ?? []).map((child, place) =>
      newCategory({ ...child, icon: category.icon }, parent.id, place, at),
    )
    return [parent, ...children]
  })
  return units.category.transaction(async (repositories) => {
    if ((await repositories.categories.list({ activeOnly: false })).length > 0) return 0
    for (const category of all) await repositories.categories.insert(category)
    return all.length
  })
}

function newCategory(
  { name, nameEn, icon }: SeedCategory,
  parentId: EntityId | null,
  order: number,
  at: Date,
): Category {
  const id = newId(at)
  return {
    id,
    name,
    nameEn,
    description: null,
    icon,
    isActive: true,
    parentId,
    order,
    createdAt: at,
    updatedAt: at,
  }
}

function seedLevels({ units, clock }: SeedOptions): Promise<number> {
  const at = clock.now()
  return units.level.transaction(async (repositories) => {
    if ((await repositories.levels.list({ activeOnly: false })).length > 0) return 0
    for (const level of levels)
      await repositories.levels.insert({
        ...level,
        id: newId(at),
        isActive: true,
        createdAt: at,
        updatedAt: at,
      })
    return levels.length
  })
}

function seedSettings({ units, clock }: SeedOptions): Promise<number> {
  const at = clock.now()
  return units.config.transaction(async (repositories) => {
    const present = new Set((await repositories.settings.list()).map(({ key }) => key))
    const missing = settings.filter(({ key }) => !present.has(key))
    const born = { createdAt: at, updatedAt: at }
    for (const setting of missing) {
      await repositories.settings.insert({ ...setting, id: newId(at), updatedBy: null, ...born })
      const change = { key: setting.key, oldValue: null, newValue: setting.value, changedBy: null }
      await repositories.history.insert({
        ...change,
        id: newId(at),
        reason: 'the first value',
        changedAt: at,
        ...born,
      })
    }
    return missing.length
  })
}
