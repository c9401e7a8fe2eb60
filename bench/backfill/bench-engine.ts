import { pino } from 'pino'
import { configure } from '../../apps/escrow/src/migration/landbridge.config.ts'
import { mappingOf } from '../../packages/landbridge/src/engine.ts'
import type { Mapping } from '../../packages/landbridge/src/mapping/types.ts'
import { type OpenEngine, openEngine } from '../../packages/landbridge/src/open-engine.ts'

/** What a process is asked to do. */
export interface WayRequest {
  way: 'copy' | 'drizzle' | 'floor'
  postgresUrl: string
  collection: string
  file: string
  /** For files of its own. */
  folder: string
  /** So many documents, from the first on. */
  documents: number
  /** Which of how many workers it is. */
  worker: number
  workers: number
}

/** The engine without MongoDB: documents come from a file. */
export async function openBenchEngine({
  postgresUrl,
  collection,
}: Pick<WayRequest, 'postgresUrl' | 'collection'>): Promise<{ engine: OpenEngine; mapping: Mapping }> {
  const engine = await openEngine({
    config: configure({ rehearsal: true, mongoIsStandIn: true }),
    postgresUrl,
    mongoUrl: 'mongodb://127.0.0.1:1/?replicaSet=none',
    databaseName: 'bench',
    nodeName: 'bench',
    mongo: 'lazy',
    log: pino({ level: 'error' }, pino.destination(2)),
  })
  const mapping = mappingOf(engine, collection)
  if (mapping === undefined) throw new Error(`${collection} has no mapping`)
  return { engine, mapping }
}
