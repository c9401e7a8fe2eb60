import type { Db, MongoClient } from 'mongodb'
import type { Pool } from 'pg'
import type { Logger } from 'pino'
import type { LandbridgeConfig, UnitConfig } from './config.ts'
import { errorCodes, LandbridgeError } from './errors.ts'
import type { Mapping } from './mapping/types.ts'

/** Everything a part of the engine needs, made once by `openEngine` and passed as the first parameter. */
export interface Engine {
  config: LandbridgeConfig
  /** Pool of the engine alone: the application's transactions never wait for one of these connections. */
  pool: Pool
  /** Reads of the source, markers, copy and validator. Never used for writes into a unit's collections. */
  mongo: MongoClient
  /** Database that holds the application's collections. */
  database: Db
  /** The mirror's own client: nothing else uses it, so that an event's lsid tells whether it is ours. */
  mirrorClient: MongoClient
  clock: { now(): Date }
  log: Logger
  /** Identity of this process among the nodes. */
  node: { id: string; name: string }
}

/** The unit of that name; throws LB_UNKNOWN_NAME with the known ones. */
export function unitOf(engine: Engine, name: string): UnitConfig {
  const unit = engine.config.units.find((candidate) => candidate.name === name)
  if (unit === undefined) {
    const known = engine.config.units.map((candidate) => candidate.name).join(', ')
    throw new LandbridgeError(errorCodes.unknownName, `there is no unit "${name}"; units are: ${known}`)
  }
  return unit
}

/** The mapping of a collection and its unit; undefined for collections that the engine does not move. */
export function mappingOf(engine: Engine, collection: string): Mapping | undefined {
  return engine.config.units
    .flatMap((unit) => unit.mappings)
    .find((mapping) => mapping.collection === collection)
}
