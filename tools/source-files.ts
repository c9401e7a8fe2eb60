import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** TypeScript files that git knows or would add, relative to the repository's root. */
export function sourceFiles(root: string): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.ts'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  return listed.split('\n').filter((file) => file !== '')
}

export interface Import {
  line: number
  specifier: string
  /** Path from the root for relative imports; the package's name for others. */
  target: string
}

const importPattern = /(?:^|[\s;])(?:from|import)\s*\(?\s*'([^']+)'/g

/** What a file imports or re-exports, types included. */
export function importsOf(root: string, file: string): Import[] {
  const found: Import[] = []
  readFileSync(join(root, file), 'utf8')
    .split('\n')
    .forEach((text, index) => {
      if (/^\s*(\*|\/\/)/.test(text)) return
      for (const [, specifier] of text.matchAll(importPattern)) {
        if (specifier === undefined) continue
        found.push({ line: index + 1, specifier, target: targetOf(file, specifier) })
      }
    })
  return found
}

function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(file), specifier))
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

export const isTest = (file: string) =>
  /\.(pg\.|mongo\.|e2e\.)?test\.ts$/.test(file) ||
  /\.(contract|vitest)\.ts$/.test(file) ||
  file.includes('/testing/') ||
  file.includes('/conformance/')
