; Quasiquotation, and the forms that define names.

(define (print value) (write value) (newline))

(define n 3)
(define items '(a b))
(print `(n ,n ,(* n n) ,@items end))
(print `(,@items . tail))
(print `(1 `(2 ,(3 ,n))))
(print `(x . ,n))

(define cons 'mine)
(print `(,n ,@items))

(print (let ((x 1) (y 2)) (list x y)))
(print (let* ((x 1) (y (+ x 1))) (list x y)))
(print (letrec ((f (lambda (n) (if (= n 0) 'done (f (- n 1)))))) (f 10)))
(print (let loop ((i 0) (done '())) (if (= i 3) done (loop (+ i 1) `(,i . ,done)))))
(print ((lambda (first . rest) (list first rest)) 1 2 3))
(print ((lambda all all)))
(print (list (and) (or) (and 1 2) (or #f 3) (and #f (car '())) (or 1 (car '()))))
(print (list (cond (#f 1) (else 2)) (cond ((+ 1 1))) (if #f #f)))
(print (apply + 1 2 '(3 4)))
(print (list (quotient -7 2) (remainder -7 2) (modulo -7 2) (/ 6 3) (/ 1 2) (- 5)))
(print (list 1.5 -0.25 1e10 "a \"quoted\" \\ line\n" 'symbol #t))
(print (list car print (lambda (x) x)))
