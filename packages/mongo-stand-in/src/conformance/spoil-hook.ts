import { registerHooks } from 'node:module'

/**
 * Loaded with --import before the stand-in: spoils one rule while its module is loaded, as the environment says
 * (`SPOIL_FILE`, `SPOIL_FIND`, `SPOIL_REPLACE`). No file is touched.
 */
const { SPOIL_FILE: file, SPOIL_FIND: find, SPOIL_REPLACE: replace } = process.env
if (file === undefined || find === undefined || replace === undefined)
  throw new Error('The hook needs SPOIL_FILE, SPOIL_FIND and SPOIL_REPLACE')

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith(`/src/${file}`)) return loaded
    const parts = String(loaded.source).split(find)
    if (parts.length !== 2) throw new Error(`The text occurs ${parts.length - 1} times in ${file}`)
    return { ...loaded, source: parts.join(replace) }
  },
})
