/** A list of 32-bit numbers that grows, as compact as memory allows. */
export class Numbers {
  size = 0;
  #room = new Int32Array(1 << 12);

  push(value: number): void {
    if (this.size === this.#room.length) {
      const room = new Int32Array(this.#room.length * 2);
      room.set(this.#room);
      this.#room = room;
    }
    this.#room[this.size++] = value;
  }

  at(place: number): number {
    return this.#room[place] ?? -1;
  }
}
