/**
 * Checks which file may import which. Every rule says why it exists, so that a red line explains itself.
 *
 *   node tools/boundaries.ts
 */
import { importsOf, isTest, sourceFiles } from './source-files.ts'

interface Rule {
  name: string
  why: string
  /** True if the rule forbids that `file` imports `target`. */
  forbids(file: string, target: string): boolean
}

const inEscrow = (file: string) => file.startsWith('apps/escrow/')
const dies = (path: string) => /^apps\/escrow\/(src\/migration\/|(src|seed)\/(.*\/)?legacy\/)/.test(path)
const domainOf = (path: string): string | null =>
  /^apps\/escrow\/src\/domains\/((?:marketplace\/)?[^/]+)\//.exec(path)?.[1] ?? null
const migrationPackages = new Set(['mongoose', 'mongodb', 'bson', 'landbridge', 'mongo-stand-in'])

const rules: Rule[] = [
  {
    name: 'engine knows no application',
    why: 'packages/landbridge works for any application; what is particular comes in through its config and mappings.',
    forbids: (file, target) =>
      file.startsWith('packages/landbridge/') &&
      (target.startsWith('apps/') || target === 'escrow' || (target === 'mongoose' && !isTest(file))),
  },
  {
    name: 'stand-in stands alone',
    why: 'the stand-in must answer as a server would, so it shares no code with what is tested on it.',
    forbids: (file, target) =>
      file.startsWith('packages/mongo-stand-in/') &&
      !isTest(file) &&
      /^(apps\/|packages\/landbridge|landbridge|mongodb|mongoose)/.test(target),
  },
  {
    name: 'only what dies may see MongoDB',
    why: 'finishing deletes legacy/, migration/ and packages/landbridge without editing a surviving file; so only these (and tests) may import them.',
    forbids: (file, target) =>
      inEscrow(file) && !dies(file) && !isTest(file) && (migrationPackages.has(target) || dies(target)),
  },
  {
    name: 'surviving tests do not see MongoDB',
    why: 'tests outside legacy/ and migration/ run after the finish too.',
    forbids: (file, target) =>
      inEscrow(file) && !dies(file) && isTest(file) && (migrationPackages.has(target) || dies(target)),
  },
  {
    name: 'a domain is entered by its index.ts',
    why: 'other domains see index.ts only; schema.ts and legacy/mapping.ts may import another schema.ts, for references, and model.ts another model.ts, so that units.ts stands above all models and below all services.',
    forbids: (file, target) => {
      const from = domainOf(file)
      const to = domainOf(target)
      if (from === null || to === null || from === to) return false
      if (target.endsWith('/index.ts')) return false
      if (isTest(file) && target.endsWith('.contract.ts')) return false
      if (file.endsWith('/model.ts') && target.endsWith('/model.ts')) return false
      const forReferences = /\/(schema|legacy\/mapping)\.ts$/.test(file) || isTest(file)
      return (
        !(forReferences && /\/(schema|legacy\/mapping)\.ts$/.test(target)) && !(isTest(file) && dies(file))
      )
    },
  },
  {
    name: 'platform knows no domain',
    why: 'platform/ is what every domain stands on; composing domains is the work of compose.ts.',
    forbids: (file, target) =>
      file.startsWith('apps/escrow/src/platform/') && domainOf(target) !== null && !isTest(file),
  },
]

const root = process.cwd()
let broken = 0
for (const file of sourceFiles(root)) {
  for (const { line, specifier, target } of importsOf(root, file)) {
    for (const rule of rules) {
      if (!rule.forbids(file, target)) continue
      broken += 1
      console.error(`${file}:${line}  imports '${specifier}'\n  ${rule.name}: ${rule.why}`)
    }
  }
}
if (broken > 0) {
  console.error(`${broken} imports cross a boundary`)
  process.exitCode = 1
}
