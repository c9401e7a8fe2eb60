/**
 * Prints the ten largest source files and fails above the limit: past 300 lines a file is asked for its second job,
 * past 450 it has one.
 *
 *   node tools/sizes.ts [--all]
 */
import { readFileSync } from 'node:fs'
import { isTest, sourceFiles } from './source-files.ts'

const limit = 450
const sizes = sourceFiles(process.cwd())
  .filter((file) => !isTest(file))
  .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length }))
  .sort((left, right) => right.lines - left.lines)

if (process.argv.includes('--all')) {
  for (const { file, lines } of sizes.slice(0, 10)) console.log(`${String(lines).padStart(5)}  ${file}`)
}
for (const { file, lines } of sizes.filter((size) => size.lines > limit)) {
  console.error(`${file} has ${lines} lines (limit ${limit}): what is its second job?`)
  process.exitCode = 1
}
