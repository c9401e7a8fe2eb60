import type { TestProject } from 'vitest/node'
import { acquireMongo } from './mongo-server.ts'

/** Vitest's global set-up: one MongoDB for all test files of the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await acquireMongo({ name: `test-${process.pid}`, fresh: true, throwaway: true })
  process.stderr.write(`${server.reason}\n`)
  project.provide('mongoUrl', server.url)
  return () => server.stop()
}
