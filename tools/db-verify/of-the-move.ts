import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type pg from 'pg'
import { absolute } from '../schema-dump/dumped-schemas.ts'
import { type Finding, findingOf } from './finding.ts'

interface ChecksOfTheMove {
  missingParity(pool: pg.Pool): Promise<string[]>
  deadMirrors(pool: pg.Pool, postgresUrl: string): Promise<string[]>
}

/** What is checked as long as MongoDB is here. Found by its path and not imported: these files outlive it. */
export async function ofTheMove(pool: pg.Pool, postgresUrl: string): Promise<Finding[]> {
  const file = absolute('apps/escrow/src/migration/verify-checks.ts')
  if (!existsSync(file)) return []
  const checks: ChecksOfTheMove = await import(pathToFileURL(file).href)
  return [
    findingOf('index parity', await checks.missingParity(pool)),
    findingOf('mirrors', await checks.deadMirrors(pool, postgresUrl)),
  ]
}
