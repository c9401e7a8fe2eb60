import type { Clock } from '../../../platform/clock.ts'
import { notFound } from '../../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../../platform/ids.ts'
import type { LevelRepositories, Units } from '../../../units.ts'
import { levelRangeEmpty, levelRangeOverlaps, levelTaken } from './errors.ts'
import { type LevelChanges, type LevelConfig, type NewLevel, rangesOverlap } from './model.ts'
import type { LevelReadModel } from './read-model.ts'

export interface LevelService {
  /** In the order in which people see them. */
  list(filter: { activeOnly: boolean }): Promise<LevelConfig[]>
  /** Raises LEVEL_TAKEN, LEVEL_RANGE_OVERLAPS, LEVEL_RANGE_EMPTY. */
  create(input: NewLevel): Promise<LevelConfig>
  /** Raises NOT_FOUND and the same as `create`. */
  change(id: EntityId, changes: LevelChanges): Promise<LevelConfig>
  /** Raises NOT_FOUND. */
  remove(id: EntityId): Promise<void>
}

export function createLevelService({
  units,
  clock,
  levels: readModel,
}: {
  units: Pick<Units, 'level'>
  clock: Clock
  /** Told of each change, so that this process serves it at once. */
  levels: Pick<LevelReadModel, 'forget'>
}): LevelService {
  const store = units.level

  async function changing<T>(work: (repositories: LevelRepositories) => Promise<T>): Promise<T> {
    const result = await store.transaction(work)
    readModel.forget()
    return result
  }

  return {
    async list(filter) {
      return (await store.read.levels.list(filter)).sort(compareLevels)
    },

    create: (input) =>
      changing(async ({ levels }) => {
        const now = clock.now()
        const level: LevelConfig = {
          ...input,
          id: newId(now),
          maxPoints: input.maxPoints ?? null,
          benefits: { ...input.benefits },
          order: input.order ?? input.level,
          createdAt: now,
          updatedAt: now,
        }
        await assertFits(level, levels)
        await levels.insert(level)
        return level
      }),

    change: (id, changes) =>
      changing(async ({ levels }) => {
        const before = (await levels.find(id)) ?? refuseUnknown(id)
        const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
        const level: LevelConfig = { ...before, ...given, updatedAt: clock.now() }
        await assertFits(level, levels)
        await levels.update(level)
        return level
      }),

    remove: (id) =>
      changing(async ({ levels }) => {
        if ((await levels.find(id)) === null) refuseUnknown(id)
        await levels.remove(id)
      }),
  }
}

/** The rules that Postgres enforces by itself and MongoDB does not: numbers differ, active ranges stand apart. */
async function assertFits(level: LevelConfig, levels: LevelRepositories['levels']): Promise<void> {
  if (level.minPoints !== null && level.maxPoints !== null && level.maxPoints <= level.minPoints) {
    throw levelRangeEmpty()
  }
  const others = (await levels.list({ activeOnly: false })).filter(({ id }) => id !== level.id)
  if (others.some((other) => other.level !== null && other.level === level.level)) throw levelTaken()
  const overlaps = others.some((other) => other.isActive === true && rangesOverlap(other, level))
  if (level.isActive === true && overlaps) throw levelRangeOverlaps()
}

function compareLevels(left: LevelConfig, right: LevelConfig): number {
  const place = ({ order, level }: LevelConfig) => order ?? level ?? 0
  return place(left) - place(right) || (left.id < right.id ? -1 : 1)
}

function refuseUnknown(id: EntityId): never {
  throw notFound('level', publicId(id))
}
