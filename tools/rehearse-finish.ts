/**
 * Rehearses the end of the move: copies the repository, deletes everything that dies with MongoDB, and proves that
 * what is left type-checks and passes its Postgres tests. No surviving source file is edited; only package.json,
 * the lock file and the configuration of the checks lose their lines.
 *
 *   npm run rehearse-finish [-- --keep] [--types]      --types leaves out the tests
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = process.cwd()
const copy = mkdtempSync(join(tmpdir(), 'landbridge-finish-'))
const keep = process.argv.includes('--keep')
const dyingPackages = ['mongoose', 'mongodb', 'bson', 'landbridge', 'mongo-stand-in']

try {
  copyTree()
  deleteWhatDies()
  removeTheirLines()
  linkPackages()
  run('type check', 'tsc', ['-p', '.'])
  if (process.argv.includes('--types')) {
    console.log('Without what dies with MongoDB the application type-checks.')
  } else {
    run('Postgres tests', 'vitest', ['run', '--project', 'postgres', '--project', 'pure'])
    console.log('The application stands without MongoDB: it type-checks and its Postgres tests pass.')
  }
} finally {
  if (keep) console.log(`The copy is kept in ${copy}`)
  else rmSync(copy, { recursive: true, force: true })
}

function tracked(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  return listed.split('\n').filter((file) => file !== '')
}

function copyTree(): void {
  for (const file of tracked()) {
    if (!dies(file)) cpSync(join(root, file), join(copy, file), { dereference: false })
  }
}

/** Every legacy/ folder, src/migration, the engine, the stand-in, the console, benchmarks and crash tests of the move, tests' MongoDB. */
function dies(file: string): boolean {
  return (
    /^apps\/escrow\/(src|seed)\/(.*\/)?legacy\//.test(file) ||
    file.startsWith('apps/escrow/src/migration/') ||
    file.startsWith('packages/landbridge/') ||
    file.startsWith('packages/mongo-stand-in/') ||
    file.startsWith('apps/console/') ||
    file.startsWith('bench/') ||
    file === 'tools/crash-backfill.ts' ||
    file.startsWith('packages/test-world/src/mongo')
  )
}

function deleteWhatDies(): void {
  const deleted = tracked().filter(dies)
  const folders = new Set(deleted.map(dirname))
  console.log(`deleted ${deleted.length} files in ${folders.size} folders`)
}

function removeTheirLines(): void {
  editJson('package.json', (json) => {
    json.workspaces = ['packages/test-world', 'apps/escrow']
    delete json.landbridge
    const scripts = json.scripts as Record<string, string>
    for (const [name, command] of Object.entries(scripts))
      if (command.split(' ').some(dies)) delete scripts[name]
  })
  for (const manifest of ['apps/escrow/package.json', 'packages/test-world/package.json']) {
    editJson(manifest, (json) => {
      const dependencies = json.dependencies as Record<string, string>
      for (const name of dyingPackages) delete dependencies[name]
    })
  }
  const config = join(copy, 'vitest.config.ts')
  const lines = readFileSync(config, 'utf8').split('\n')
  writeFileSync(config, lines.filter((line) => !/mongo-server|globalSetup: \[.*mongo/.test(line)).join('\n'))
}

function editJson(file: string, change: (json: Record<string, unknown>) => void): void {
  const path = join(copy, file)
  const json = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  change(json)
  writeFileSync(path, `${JSON.stringify(json, null, 2)}\n`)
}

/** The installed packages, without those that die: an import that is left over then fails. */
function linkPackages(): void {
  const modules = join(copy, 'node_modules')
  const installed = execFileSync('ls', ['-A', join(root, 'node_modules')], { encoding: 'utf8' }).split('\n')
  execFileSync('mkdir', ['-p', modules])
  for (const name of installed) {
    if (name === '' || dyingPackages.includes(name) || ['escrow', 'test-world'].includes(name)) continue
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  symlinkSync(join(copy, 'packages/test-world'), join(modules, 'test-world'))
  symlinkSync(join(copy, 'apps/escrow'), join(modules, 'escrow'))
}

function run(what: string, command: string, args: string[]): void {
  console.log(`${what}: ${command} ${args.join(' ')}`)
  const { status } = spawnSync(join(copy, 'node_modules/.bin', command), args, {
    cwd: copy,
    stdio: 'inherit',
  })
  if (status !== 0) {
    throw new Error(
      `${what} failed in the copy without MongoDB (see above); run again with --keep to look at it`,
    )
  }
}
