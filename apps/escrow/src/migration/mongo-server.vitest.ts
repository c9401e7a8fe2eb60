import type { TestProject } from 'vitest/node'
import { acquireMongo } from './mongo-server.ts'

/** Vitest's global set-up: one MongoDB for all test files of a project (two projects run side by side). */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await acquireMongo({
    name: `test-${process.pid}-${project.name}`,
    fresh: true,
    throwaway: true,
  })
  process.stderr.write(`${server.reason}\n`)
  project.provide('mongoUrl', server.url)
  return () => server.stop()
}
