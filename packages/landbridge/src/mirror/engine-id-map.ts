import type { Pool } from 'pg'
import type { Engine } from '../engine.ts'
import { createIdMap, type IdMap } from '../identity/id-map.ts'

/** One cache a pool; entries never change, so that all parts of the engine may share it. */
const idMaps = new WeakMap<Pool, IdMap>()

export function idMapOf(engine: Engine): IdMap {
  let idMap = idMaps.get(engine.pool)
  if (idMap === undefined) {
    idMap = createIdMap(engine.pool)
    idMaps.set(engine.pool, idMap)
  }
  return idMap
}
