import type { UnitConfig } from '../config.ts'
import type { Engine } from '../engine.ts'
import { readUnitRows } from '../fence/unit-row.ts'
import type { Phase } from '../phase.ts'

export interface PlannedUnit {
  name: string
  kind: UnitConfig['kind']
  phase: Phase
  collections: { collection: string; tables: number; documents: number | null }[]
  /** Other units that this one's records point into: they had better cross first. */
  pointsInto: string[]
  pointedIntoBy: string[]
  /** What people should know before this unit crosses. */
  notes: string[]
}

/** The units in the order that their references ask for, with what each one moves. */
export async function plan(engine: Engine): Promise<PlannedUnit[]> {
  const { units } = engine.config
  const phases = new Map((await readUnitRows(engine.pool)).map((row) => [row.name, row.phase]))
  const edges = new Map(units.map((unit) => [unit.name, pointsInto(unit, units)]))
  return Promise.all(
    inOrder(units, edges).map(async (unit) => {
      const pointedIntoBy = units.filter((other) => edges.get(other.name)?.includes(unit.name)).map(nameOf)
      return {
        name: unit.name,
        kind: unit.kind,
        phase: phases.get(unit.name) ?? 'mongo',
        collections: await Promise.all(
          unit.mappings.map(async (mapping) => ({
            collection: mapping.collection,
            tables: mapping.tables.length,
            documents: await countDocuments(engine, mapping.collection),
          })),
        ),
        pointsInto: edges.get(unit.name) ?? [],
        pointedIntoBy,
        notes: notesOf(unit, pointedIntoBy, units.length),
      }
    }),
  )
}

function pointsInto(unit: UnitConfig, units: readonly UnitConfig[]): string[] {
  const targets = new Set(unit.mappings.flatMap((mapping) => mapping.references.map((each) => each.to)))
  const owners = units.filter(
    (other) => other !== unit && other.mappings.some((mapping) => targets.has(mapping.table.name)),
  )
  return owners.map(nameOf)
}

/** Those first that point into nothing that has not come before; a circle is broken where the configuration begins it. */
function inOrder(units: readonly UnitConfig[], edges: ReadonlyMap<string, string[]>): UnitConfig[] {
  const left = [...units]
  const ordered: UnitConfig[] = []
  while (left.length > 0) {
    const free = left.findIndex((unit) =>
      (edges.get(unit.name) ?? []).every((name) => ordered.some((each) => each.name === name)),
    )
    ordered.push(...left.splice(Math.max(0, free), 1))
  }
  return ordered
}

function notesOf(unit: UnitConfig, pointedIntoBy: readonly string[], all: number): string[] {
  const notes: string[] = []
  if (pointedIntoBy.length > 0 && pointedIntoBy.length >= (all - 1) / 2) {
    notes.push(
      `most units need ${unit.name}: once it is on Postgres, the whole application answers 503 while Postgres is away`,
    )
  }
  const appendOnly = unit.mappings.filter((mapping) => mapping.appendOnly).map((each) => each.collection)
  if (appendOnly.length > 0)
    notes.push(`append-only, compared and never overwritten: ${appendOnly.join(', ')}`)
  if (unit.readsInMongo !== undefined && unit.readsInMongo.length > 0) {
    notes.push(`reads in MongoDB, so these retire after it: ${unit.readsInMongo.join(', ')}`)
  }
  return notes
}

/** From MongoDB's own statistics; null where it does not answer, or the collection has been renamed. */
async function countDocuments(engine: Engine, collection: string): Promise<number | null> {
  return engine.database
    .collection(collection)
    .estimatedDocumentCount()
    .catch(() => null)
}

const nameOf = (unit: UnitConfig) => unit.name
