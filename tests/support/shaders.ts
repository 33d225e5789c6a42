import type { Page } from 'playwright-core';

/** Sources of a program's vertex and fragment shader. */
export type ShaderPair = readonly [vertex: string, fragment: string];

interface Uncompiled {
  uncompiled?: ShaderPair[];
}

/**
 * In the page, before it begins: what it wants compiled for its views is kept, and taken as compiled.
 * Software takes longer for that than for all else that a page does until it stands, and a page that is
 * never drawn has no use for it. Its programs have no uniforms and no attributes.
 */
export function leaveUncompiled(): void {
  const kept: ShaderPair[] = [];
  (globalThis as Uncompiled).uncompiled = kept;
  const methods = WebGL2RenderingContext.prototype;
  const { getProgramParameter } = methods;
  const nothing = () => {};
  const told = {
    compileShader: nothing,
    useProgram: nothing,
    getShaderInfoLog: () => '',
    getProgramInfoLog: () => '',
    linkProgram(this: WebGL2RenderingContext, program: WebGLProgram) {
      const shaders = this.getAttachedShaders(program) ?? [];
      const sourceOf = (type: number) => {
        const shader = shaders.find(
          (one) => this.getShaderParameter(one, this.SHADER_TYPE) === type,
        );
        return (shader && this.getShaderSource(shader)) ?? '';
      };
      kept.push([sourceOf(this.VERTEX_SHADER), sourceOf(this.FRAGMENT_SHADER)]);
    },
    getProgramParameter(this: WebGL2RenderingContext, program: WebGLProgram, name: number) {
      return name === this.LINK_STATUS || getProgramParameter.call(this, program, name);
    },
  };
  Object.assign(methods, told);
}

/** What a page that is never drawn has left uncompiled since it was last asked. */
export function takeUncompiled(page: Page): Promise<readonly ShaderPair[]> {
  return page.evaluate(() => (globalThis as Uncompiled).uncompiled?.splice(0) ?? []);
}

/** Compiles and links programs, in a page that does so: what WebGL has against each that is refused. */
export function refusedShaders(
  page: Page,
  programs: readonly ShaderPair[],
): Promise<readonly string[]> {
  return page.evaluate((programs) => {
    const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
    if (!gl) throw new Error('this browser has no WebGL 2');
    const shaderOf = (type: number, source: string) => {
      const shader = gl.createShader(type);
      if (!shader) throw new Error('no shader can be made');
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      return shader;
    };
    return programs.flatMap(([vertex, fragment]) => {
      const shaders = [shaderOf(gl.VERTEX_SHADER, vertex), shaderOf(gl.FRAGMENT_SHADER, fragment)];
      const program = gl.createProgram();
      for (const shader of shaders) gl.attachShader(program, shader);
      gl.linkProgram(program);
      if (gl.getProgramParameter(program, gl.LINK_STATUS)) return [];
      const logs = [
        gl.getProgramInfoLog(program),
        ...shaders.map((one) => gl.getShaderInfoLog(one)),
      ];
      return [`${logs.filter(Boolean).join(' ')} ${fragment.slice(0, 200)}`];
    });
  }, programs);
}
