; A hundred thousand rounds, each of which leaves a cycle behind: an environment and a function
; that know each other. Nobody calls `(gc)`; the collector comes by itself.

(define (leave-a-cycle n)
  (define (self) self)
  n)

; Of `((young collections collected) ...)`, how often the young generation was collected.
(define (young-collections) (car (cdr (car (gc-stats)))))

(define most 0)
(define before (live))
(define start (young-collections))
(let loop ((n 0))
  (if (< n 100000)
      (begin
        (leave-a-cycle n)
        (if (> (live) most) (set! most (live)))
        (loop (+ n 1)))))
(write (list 'rounds 100000 'bounded (< (- most before) 10000)))
(newline)
(write (list 'collections (> (young-collections) start)))
(newline)
