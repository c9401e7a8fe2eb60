import type { TestProject } from 'vitest/node'
import { acquirePostgres } from './postgres-server.ts'

/** Vitest's global set-up: one Postgres for all test files of the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await acquirePostgres({ name: `test-${process.pid}`, fresh: true, throwaway: true })
  process.stderr.write(`${server.reason}\n`)
  project.provide('postgresUrl', server.url)
  return () => server.stop()
}
