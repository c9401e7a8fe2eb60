import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { UnitName } from '../../units.ts'

export interface SuiteResult {
  passed: number
  failed: number
}

/** What the repository contract suites of one unit said on each store. */
export interface ContractResult {
  mongo: SuiteResult
  postgres: SuiteResult
}

const reportSchema = z.object({
  testResults: z.array(
    z.object({ name: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
})

const domainsOfUnit: Record<UnitName, string[]> = {
  category: ['domains/marketplace/category/'],
  shop: ['domains/marketplace/shop/'],
  level: ['domains/points/level/'],
  config: ['domains/admin/'],
  // Not all of points: levels are a unit of their own.
  user: [
    'domains/user/',
    'domains/auth/',
    'domains/points/repository.',
    'domains/points/legacy/',
    'domains/telegram/link.',
    'domains/telegram/legacy/link.',
  ],
  request: ['domains/marketplace/request/', 'domains/marketplace/offer/', 'domains/marketplace/template/'],
  payment: ['domains/payment/'],
  address: ['domains/address/'],
  review: ['domains/marketplace/review/'],
  blog: ['domains/blog/'],
  dispute: ['domains/dispute/'],
  notification: ['domains/notification/'],
  trezor: ['domains/trezor/'],
  chat: ['domains/chat/'],
  telegram: ['domains/telegram/repository.', 'domains/telegram/legacy/repository.'],
}

/**
 * Runs the repository contract suites on the rehearsal's own servers (gate 2), each test in a database of its own.
 * Throws with the runner's output where it gives no report.
 */
export async function runContractSuites(
  postgresUrl: string,
  mongoUrl: string,
): Promise<Record<UnitName, ContractResult>> {
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-contract-'))
  const outputFile = join(folder, 'report.json')
  try {
    const output = await runVitest(outputFile, { DATABASE_URL: postgresUrl, MONGO_URL: mongoUrl })
    const report = await readFile(outputFile, 'utf8').catch((cause: unknown) => {
      throw new Error(`the contract suites gave no report:\n${output}`, { cause })
    })
    return resultsOf(reportSchema.parse(JSON.parse(report)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function runVitest(outputFile: string, environment: Record<string, string>): Promise<string> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
  const args = [
    'run',
    '--project',
    'postgres',
    '--project',
    'mongo',
    '--reporter',
    'json',
    '--outputFile',
    outputFile,
  ]
  const files = ['repository.pg.test', 'repository.mongo.test']
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vitest, ...args, ...files], {
      cwd: new URL('../../../../..', import.meta.url),
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.once('error', reject)
    child.once('exit', () => resolve(output))
  })
}

function resultsOf(report: z.infer<typeof reportSchema>): Record<UnitName, ContractResult> {
  const of = (unit: UnitName): ContractResult => ({
    mongo: count(report, unit, 'mongo.test.ts'),
    postgres: count(report, unit, 'pg.test.ts'),
  })
  return {
    category: of('category'),
    shop: of('shop'),
    level: of('level'),
    config: of('config'),
    user: of('user'),
    request: of('request'),
    payment: of('payment'),
    address: of('address'),
    review: of('review'),
    blog: of('blog'),
    dispute: of('dispute'),
    notification: of('notification'),
    trezor: of('trezor'),
    chat: of('chat'),
    telegram: of('telegram'),
  }
}

function count(report: z.infer<typeof reportSchema>, unit: UnitName, suffix: string): SuiteResult {
  const statuses = report.testResults
    .filter(
      ({ name }) => name.endsWith(suffix) && domainsOfUnit[unit].some((domain) => name.includes(domain)),
    )
    .flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status))
  return {
    passed: statuses.filter((status) => status === 'passed').length,
    failed: statuses.filter((status) => status !== 'passed').length,
  }
}
