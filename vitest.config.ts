import { defineConfig } from 'vitest/config'

// The suffix of a test file names the world that it needs; each world is a project of its own.
const sources = ['packages/*/src', 'apps/*/src', 'apps/*/seed', 'tools']
const files = (suffix: string) => sources.map((folder) => `${folder}/**/*${suffix}`)

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: '.vitest-report.json' }]],
    projects: [
      {
        test: {
          name: 'pure',
          include: files('.test.ts'),
          exclude: ['**/node_modules/**', ...files('.pg.test.ts'), ...files('.mongo.test.ts'), ...files('.e2e.test.ts')],
        },
      },
    ],
  },
})
