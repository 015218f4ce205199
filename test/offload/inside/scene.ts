import type { SceneOn } from '../../qemu/inside/scene.ts';
import type { Lab } from './lab.ts';

export type Scene = SceneOn<Lab>;
