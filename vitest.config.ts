import { defineConfig } from 'vitest/config'

// The suffix of a test file names the world that it needs; each world is a project of its own. A server is started
// once for the projects that need it and only when such tests run.
const folders = ['packages/*/src', 'apps/*/src', 'apps/*/seed', 'tools', 'bench']
const files = (suffix: string) => folders.map((folder) => `${folder}/**/*${suffix}`)
const otherWorlds = [...files('.pg.test.ts'), ...files('.mongo.test.ts'), ...files('.e2e.test.ts')]
const postgres = './apps/escrow/src/platform/postgres-server.vitest.ts'
const mongo = './apps/escrow/src/migration/mongo-server.vitest.ts'
const common = { setupFiles: ['./packages/test-world/src/property-seed.vitest.ts'] }
// Tests of fences keep real deadlines (one gives up after a second): a stall of a shared machine may break one, so CI
// tries it once more. Locally a first failure is a failure.
const retry = process.env.CI === 'true' ? 1 : 0
const patient = { ...common, testTimeout: 30_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default', 'json'],
    outputFile: { json: '.vitest-report.json' },
    projects: [
      {
        test: {
          name: 'pure',
          include: files('.test.ts'),
          exclude: ['**/node_modules/**', ...otherWorlds],
          ...common,
          testTimeout: 20_000,
        },
      },
      { test: { name: 'postgres', include: files('.pg.test.ts'), globalSetup: [postgres], ...patient } },
      { test: { name: 'mongo', include: files('.mongo.test.ts'), globalSetup: [mongo], ...patient } },
      {
        test: {
          name: 'both',
          include: files('.e2e.test.ts'),
          globalSetup: [postgres, mongo],
          ...patient,
          retry,
        },
      },
    ],
  },
})
