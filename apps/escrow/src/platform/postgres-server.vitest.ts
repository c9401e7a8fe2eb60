import type { TestProject } from 'vitest/node'
import { acquirePostgres } from './postgres-server.ts'

/** Vitest's global set-up: one Postgres for all test files of a project (two projects run side by side). */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await acquirePostgres({
    name: `test-${process.pid}-${project.name}`,
    fresh: true,
    throwaway: true,
  })
  process.stderr.write(`${server.reason}\n`)
  project.provide('postgresUrl', server.url)
  return () => server.stop()
}
