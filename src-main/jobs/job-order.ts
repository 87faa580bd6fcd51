// The order of what waits: runs of a sweep or batch stand together as one item, everything else by itself.
import type { GroupId } from "../../src-shared/contract/workbench/ids.ts";
import type { QueueItemId } from "../../src-shared/contract/workbench/queue.ts";
import type { JobId, JobKind } from "./job.ts";

export interface WaitingItem {
  readonly id: QueueItemId;
  readonly kind: JobKind;
  /** In order; never empty. */
  readonly jobs: ReadonlySet<JobId>;
}

export interface NextJob {
  readonly id: JobId;
  readonly kind: JobKind;
  readonly item: QueueItemId;
}

/** Adding, taking out and taking the next one take no longer where 100,000 wait. */
export class JobOrder {
  #items = new Map<QueueItemId, WaitingItem & { readonly jobs: Set<JobId> }>();
  readonly #itemOf = new Map<JobId, QueueItemId>();

  /** @param group  that all of them belong to; null: each stands by itself */
  add(jobs: readonly JobId[], kind: JobKind, group: GroupId | null): void {
    for (const job of jobs) {
      const id = group ?? job;
      const item = this.#items.get(id) ?? { id, kind, jobs: new Set<JobId>() };
      this.#items.set(id, item);
      item.jobs.add(job);
      this.#itemOf.set(job, id);
    }
  }

  /** Of jobs, not items. */
  get size(): number {
    return this.#itemOf.size;
  }

  has(job: JobId): boolean {
    return this.#itemOf.has(job);
  }

  /** @returns its kind; undefined where it does not wait */
  remove(job: JobId): JobKind | undefined {
    const id = this.#itemOf.get(job);
    const item = id === undefined ? undefined : this.#items.get(id);
    if (item === undefined) return undefined;
    this.#itemOf.delete(job);
    item.jobs.delete(job);
    if (item.jobs.size === 0) this.#items.delete(item.id);
    return item.kind;
  }

  /** Takes out the first. */
  shift(): NextJob | undefined {
    for (const { id: item, kind, jobs } of this.#items.values()) {
      for (const id of jobs) {
        this.remove(id);
        return { id, kind, item };
      }
    }
    return undefined;
  }

  /**
   * @param before  an item that waits; null, and one that no longer does: behind all
   * @returns false, and nothing is moved, where the item itself does not wait
   */
  move(id: QueueItemId, before: QueueItemId | null): boolean {
    const moved = this.#items.get(id);
    if (moved === undefined) return false;
    if (id === before) return true;
    const others = [...this.#items.values()].filter((item) => item !== moved);
    const found = others.findIndex((item) => item.id === before);
    const at = found < 0 ? others.length : found;
    this.#items = new Map([...others.slice(0, at), moved, ...others.slice(at)].map((item) => [item.id, item]));
    return true;
  }

  /** In order. */
  items(): readonly WaitingItem[] {
    return [...this.#items.values()];
  }

  /** Undefined where none of it waits. */
  item(id: QueueItemId): WaitingItem | undefined {
    return this.#items.get(id);
  }
}
