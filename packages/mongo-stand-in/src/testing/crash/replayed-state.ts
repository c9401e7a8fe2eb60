import type { ChangeStreamDocument, Document } from 'mongodb'
import { RULES, Violation } from './violation.ts'
import type { DatabaseState } from './workload.ts'

/** The state that change events tell, one after the other. */
export class ReplayedState {
  readonly #collections = new Map<string, Map<string, Document>>()

  get state(): DatabaseState {
    return this.#collections
  }

  apply(event: ChangeStreamDocument): void {
    switch (event.operationType) {
      case 'insert': {
        const { documents, id } = this.#place(event)
        if (documents.has(id)) throw new Violation(RULES.order, `${id} was inserted, and was there already`)
        documents.set(id, event.fullDocument)
        break
      }
      case 'replace': {
        const { documents, id } = this.#existing(event)
        documents.set(id, event.fullDocument)
        break
      }
      case 'update': {
        const { documents, id, document } = this.#existing(event)
        const { updatedFields = {}, removedFields = [], truncatedArrays = [] } = event.updateDescription
        // As what comes after may be a part of it: the document as it was is not to be touched.
        const changed = structuredClone(document)
        for (const { field, newSize } of truncatedArrays) valueAt(changed, field).length = newSize
        for (const [path, value] of Object.entries(updatedFields)) setAt(changed, path, value)
        for (const field of removedFields) delete changed[field]
        documents.set(id, changed)
        break
      }
      case 'delete': {
        const { documents, id } = this.#existing(event)
        documents.delete(id)
        break
      }
      default:
        throw new Violation(RULES.complete, `nobody did what ${event.operationType} tells`)
    }
  }

  #place({ ns, documentKey }: { ns: { coll: string }; documentKey: Document }) {
    const documents = this.#collections.get(ns.coll) ?? new Map<string, Document>()
    this.#collections.set(ns.coll, documents)
    return { documents, id: String(documentKey._id) }
  }

  #existing(event: { operationType: string; ns: { coll: string }; documentKey: Document }) {
    const { documents, id } = this.#place(event)
    const document = documents.get(id)
    if (document === undefined)
      throw new Violation(RULES.complete, `${event.operationType} of ${id}, of which no insert was told`)
    return { documents, id, document }
  }
}

function setAt(document: Document, path: string, value: unknown): void {
  const fields = path.split('.')
  const last = fields.pop() ?? ''
  valueAt(document, fields.join('.'))[last] = value
}

function valueAt(document: Document, path: string): Document {
  let value = document
  if (path !== '') for (const field of path.split('.')) value = value[field]
  return value
}
