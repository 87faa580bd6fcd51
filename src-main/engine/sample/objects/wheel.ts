// Wheels of cars, trucks and buses: a tyre with tread, a rim with spokes.
import type { ObjectFrame, Vec3 } from "../geometry.ts";
import { matte, type Surface } from "../surface.ts";

const wheelFaces = new Map<number, Surface>();
const treads = new Map<number, Surface>();

/** The outer side of a wheel; u and v run from -1 to 1. */
function wheelFace(label: number, hasSpokes: boolean): Surface {
  const key = label * 2 + (hasSpokes ? 1 : 0);
  const known = wheelFaces.get(key);
  if (known) return known;
  const face: Surface = {
    label,
    shade(point) {
      const radius = Math.hypot(point.u, point.v);
      if (radius > 0.68) {
        point.paint([0.014, 0.014, 0.015], radius > 0.94 ? 0.7 : 1);
        return;
      }
      const spoke = Math.cos(Math.atan2(point.v, point.u) * 5);
      const isOpen = hasSpokes && radius > 0.2 && radius < 0.6 && spoke < 0.1;
      point.paint(isOpen ? [0.02, 0.02, 0.022] : [0.3, 0.31, 0.32]);
      point.gloss = isOpen ? 0 : 0.18;
    },
  };
  wheelFaces.set(key, face);
  return face;
}

function treadOf(label: number): Surface {
  const known = treads.get(label) ?? matte(label, [0.012, 0.012, 0.013]);
  treads.set(label, known);
  return known;
}

/** A wheel whose outer face looks to `side` (-1 left, 1 right). */
export function addWheel(
  frame: ObjectFrame,
  label: number,
  center: Vec3,
  radius: number,
  side: -1 | 1,
  hasSpokes: boolean,
): void {
  const [x, y, z] = center;
  frame.disc(wheelFace(label, hasSpokes), center, radius, "x", 18);
  const inner = x - side * 0.22;
  const tread = treadOf(label);
  const sides = 10;
  for (let i = 0; i < sides; i++) {
    const [a, b] = [(i / sides) * 2 * Math.PI, ((i + 1) / sides) * 2 * Math.PI];
    const [za, ya] = [z + Math.cos(a) * radius, y + Math.sin(a) * radius];
    const [zb, yb] = [z + Math.cos(b) * radius, y + Math.sin(b) * radius];
    frame.quad(tread, [x, ya, za], [x, yb, zb], [inner, yb, zb], [inner, ya, za]);
  }
}
